use strict;
use warnings;
use Test::More;
use Args;

subtest 'words' => sub {
    my ($options, $words) = Args::parse('a', 'b');
    is_deeply($words, ['a', 'b']);
};

subtest 'values' => sub {
    my ($options) = Args::parse('--x=1');
    is($options->{x}, 1);
};

subtest 'value apart' => sub {
    my ($options, $words) = Args::parse('--x', '1', 'a');
    is($options->{x}, 1);
    is_deeply($words, ['a']);
};

done_testing();
