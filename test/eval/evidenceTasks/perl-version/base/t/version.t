use strict;
use warnings;
use Test::More;
use Version;

subtest 'compares' => sub {
    ok(Version::compare('1.2', '1.3') < 0);
    is(Version::compare('1.2', '1.2'), 0);
};

subtest 'numbers' => sub {
    ok(Version::compare('1.10', '1.9') > 0);
};

subtest 'sorts' => sub {
    is_deeply([Version::newest_first('1.0', '2.0')], ['2.0', '1.0']);
};

done_testing();
