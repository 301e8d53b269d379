use strict;
use warnings;
use Test::More;
use Html;

subtest 'fills' => sub {
    is(Html::render('<b>{{x}}</b>', x => 1), '<b>1</b>');
};

subtest 'fills twice' => sub {
    is(Html::render('{{x}}{{x}}', x => 'a'), 'aa');
};

subtest 'escapes' => sub {
    is(Html::render('{{x}}', x => 'a&b'), 'a&amp;b');
};

done_testing();
