use strict;
use warnings;
use Test::More;
use Version;

subtest 'missing parts' => sub {
    is(Version::compare('1.0', '1'), 0);
    ok(Version::compare('1.0.1', '1') > 0);
};

subtest 'suffix' => sub {
    ok(Version::compare('1.0-rc1', '1.0') < 0);
    ok(Version::compare('1.0-rc2', '1.0-rc1') > 0);
    ok(Version::compare('1.1-rc1', '1.0') > 0);
};

subtest 'sorts' => sub {
    is_deeply([Version::newest_first('1.9', '1.10', '1.10-rc1')], ['1.10', '1.10-rc1', '1.9']);
};

done_testing();
