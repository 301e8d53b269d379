#!/bin/sh
failed=0
check() {
  if [ "$2" = "$3" ]; then echo "ok - $1"; else echo "not ok - $1"; failed=1; fi
}
check "counts" "$(printf "b a\nb\n" | sh count.sh | grep b)" "2 b"
check "orders" "$(printf "a b b" | sh count.sh | head -n 1)" "2 b"
exit $failed
