use strict;
use warnings;
use Test::More;
use Args;

subtest 'end' => sub {
    my ($options, $words) = Args::parse('--', '--x=1', '--');
    is_deeply($options, {});
    is_deeply($words, ['--x=1', '--']);
};

subtest 'negated' => sub {
    my ($options, $words) = Args::parse('--no-x', 'a');
    ok(exists $options->{x} && !$options->{x});
    is_deeply($words, ['a']);
};

subtest 'true' => sub {
    my ($options) = Args::parse('--x');
    ok($options->{x});
};

subtest 'empty' => sub {
    my ($options) = Args::parse('--x=', '--y=a=b');
    is($options->{x}, '');
    is($options->{y}, 'a=b');
};

subtest 'option after option' => sub {
    my ($options) = Args::parse('--x', '--y=1');
    ok($options->{x});
    is($options->{y}, 1);
};

done_testing();
