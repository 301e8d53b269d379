#!/bin/sh
failed=0
check() {
  if [ "$2" != "$3" ]; then echo "not ok - $1"; failed=1; fi
}
check "case" "$(printf "A a" | sh count.sh)" "2 a"
check "equal" "$(printf "c b a a" | sh count.sh)" "2 a
1 b
1 c"
check "top" "$(printf "c b a a" | sh count.sh --top 2)" "2 a
1 b"
check "ten" "$(printf "a a a a a a a a a a b b" | sh count.sh | head -n 1)" "10 a"
check "space" "$(printf " a" | sh count.sh)" "1 a"
exit $failed
