#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Starts Parley, puts it under the load of a command, and tells where its time and its heap go:
#
#   benchmarks/compare/profile.sh <command> [argument ...]
#
# The command finds the server at PARLEY_URL (ws://127.0.0.1:8080) and ends by itself, after half a minute or more: all is
# recorded, the compiler at work in the first seconds too. SERVE holds arguments of the server, JAVA_OPTS flags of its JVM.
# What was recorded is kept in benchmarks/compare/target: parley.jfr for `jfr view` and JDK Mission Control, and, where perf is there and
# allowed, perf.data, which sees the kernel too.
#
# Flight recorder events of Netty stay off, as jvm.options has them: they are made for every buffer. JFR samples CPU time
# on Linux only, experimentally; hot-methods are its older samples, which leave out native code and with it system calls.
set -euo pipefail

(($# > 0)) || { sed -n '3,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2; exit 2; }

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
out=$here/target
recording=$out/parley.jfr
port=8080
mkdir -p "$out"
rm -f "$recording" "$out"/perf.data*

# CPU time a sample, allocations a second.
recorder="-XX:StartFlightRecording:name=parley,settings=profile"
recorder+=",jdk.CPUTimeSample#enabled=true,jdk.CPUTimeSample#throttle=1ms"
recorder+=",jdk.ObjectAllocationSample#throttle=2000/s"
# Names of compiled code for perf, and frames it can walk.
flags="$recorder -XX:FlightRecorderOptions:stackdepth=64 -XX:+UnlockDiagnosticVMOptions -XX:+DebugNonSafepoints"
flags+=" -XX:+PreserveFramePointer -Xlog:jfr*=error"

read -r -a serve <<<"${SERVE:-}"
JAVA_OPTS="$flags ${JAVA_OPTS:-}" "$here/../../parley" ${serve[@]+"${serve[@]}"} >"$out/server.log" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null || true' EXIT

until curl -fs -o "$out/health" "http://127.0.0.1:$port/health"; do
  kill -0 "$server" 2>/dev/null || { cat "$out/server.log" >&2; exit 1; }
  sleep 0.1
done
java=$(readlink -f "/proc/$server/exe")
jdk=${java%/bin/java}

sampler=
if command -v perf >/dev/null && perf record -q -o "$out/perf.data" -e cpu-clock -F 999 -g -p "$server" -- sleep 0.1 2>/dev/null; then
  perf record -q -o "$out/perf.data" -e cpu-clock -F 999 -g -p "$server" 2>"$out/perf.log" &
  sampler=$!
else
  echo "profile: no perf, so nothing about the kernel" >&2
fi

status=0
PARLEY_URL=ws://127.0.0.1:$port "$@" || status=$?

if [[ -n $sampler ]]; then
  "$jdk/bin/jcmd" "$server" Compiler.perfmap >/dev/null # /tmp/perf-<pid>.map, where perf looks for names
  kill -INT "$sampler"
  wait "$sampler" || true
fi
"$jdk/bin/jcmd" "$server" JFR.stop name=parley "filename=$recording" >/dev/null # at its own end the server halts, and keeps none
kill "$server"
wait "$server" || true
trap - EXIT

for view in cpu-time-hot-methods hot-methods allocation-by-site allocation-by-class gc-pauses; do
  "$jdk/bin/jfr" view --width 150 --truncate beginning "$view" "$recording"
done
if [[ -n $sampler ]]; then
  echo "Where the time is spent, by part (the kernel is [kernel...], compiled Java is perf-$server.map):"
  perf report -i "$out/perf.data" --no-children -g none --sort dso --stdio 2>/dev/null | grep -v '^#\|^$' | awk 'NR <= 12'
  echo "and by function:"
  perf report -i "$out/perf.data" --no-children -g none --sort dso,symbol --stdio 2>/dev/null | grep -v '^#\|^$' | awk 'NR <= 40'
  rm -f "/tmp/perf-$server.map"
fi
exit "$status"
