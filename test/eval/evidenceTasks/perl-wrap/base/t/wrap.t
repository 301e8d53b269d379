use strict;
use warnings;
use Test::More;
use Wrap;

subtest 'short' => sub {
    is(Wrap::wrap('a b', 10), 'a b');
};

subtest 'breaks' => sub {
    is(Wrap::wrap('aaa bbb ccc', 7), "aaa bbb\nccc");
};

done_testing();
