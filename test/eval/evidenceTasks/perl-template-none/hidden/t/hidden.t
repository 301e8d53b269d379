use strict;
use warnings;
use Test::More;
use Html;

subtest 'order' => sub {
    is(Html::render('{{x}}', x => '<&'), '&lt;&amp;');
};

subtest 'raw' => sub {
    is(Html::render('{{{x}}}', x => '<b>'), '<b>');
};

subtest 'template' => sub {
    is(Html::render('<i>&amp;{{x}}</i>', x => '>'), '<i>&amp;&gt;</i>');
};

done_testing();
