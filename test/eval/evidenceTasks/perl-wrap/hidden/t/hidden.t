use strict;
use warnings;
use Test::More;
use Wrap;

subtest 'long word' => sub {
    is(Wrap::wrap('aaaaaaaa b', 4), "aaaaaaaa\nb");
    is(Wrap::wrap('b aaaaaaaa', 4), "b\naaaaaaaa");
};

subtest 'paragraphs' => sub {
    is(Wrap::wrap("a b\n\nc", 10), "a b\n\nc");
};

subtest 'exact' => sub {
    is(Wrap::wrap('aa bb', 5), 'aa bb');
    is(Wrap::wrap('', 5), '');
};

done_testing();
