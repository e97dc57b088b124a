// SPDX-License-Identifier: Apache-2.0
package dev.parley.cluster;

import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows other nodes that this one lives, and has the sessions of those leave that do not: see {@link NodeWatch}. On the
 * node's loop.
 */
final class Heartbeat {

    private static final Logger log = LoggerFactory.getLogger(Heartbeat.class);

    private static final Duration BEAT = Duration.ofMillis(1_500);

    /** Replicas that had no sign of life for so long do not follow the store. */
    private static final Duration UNSEEN = Duration.ofSeconds(4);

    private final NodeSite site;
    private final Incarnation incarnation;
    private final NodeWatch others = new NodeWatch();

    /** Empty until the start. */
    private String id = "";

    private long beats;

    /** When enough replicas of the store had the last sign of life, on the loop's clock. */
    private long replicatedAt;

    private boolean isReplicated;

    /** Those of the other nodes that were seen last. */
    private Set<String> names = Set.of();

    /** @param incarnation whose signs of life these are */
    Heartbeat(NodeSite site, Incarnation incarnation) {
        this.site = site;
        this.incarnation = incarnation;
    }

    /**
     * Begins to show signs of life, until the incarnation is over.
     *
     * @param known by which id the store knows it
     */
    void start(String known) {
        id = known;
        beat();
    }

    /** Whether as many replicas of the store as must have a decision follow it. */
    boolean isReplicated() {
        return isReplicated && site.loop().now() - replicatedAt < UNSEEN.toNanos();
    }

    /** Returns how many signs of life were shown. */
    long beats() {
        return beats;
    }

    private void beat() {
        if (!incarnation.isThere()) {
            return;
        }
        site.loop().schedule(BEAT, this::beat);
        if (incarnation.isAlive()) {
            StoreCall renew = new StoreCall.Renew(id, ++beats, site.receiver().used());
            incarnation.call(renew, this::watch, () -> {});
        }
    }

    private void watch(StoreReply reply) {
        StoreReply.Beats seen = (StoreReply.Beats) reply;
        site.receiver().usedElsewhere(seen.used());
        lookAtReplicas(seen.isReplicated());
        tellChanges(seen);
        site.observer().storeSeen(seen.beats().size(), seen.entries(), seen.bytes());
        for (NodeWatch.Silent silent : others.look(seen.beats(), site.loop().now())) {
            log.warn(
                    "server {} shows no sign of life: its peers leave",
                    silent.beat().name());
            incarnation.call(
                    new StoreCall.Sweep(id, silent.incarnation(), silent.beat().number()),
                    done -> site.observer().nodeSwept(),
                    () -> {});
        }
    }

    private void lookAtReplicas(boolean areEnough) {
        if (areEnough) {
            replicatedAt = site.loop().now();
        }
        if (!areEnough && (isReplicated || beats == 1)) {
            log.warn("fewer replicas of Redis follow it than cluster.wait asks for: requests get unavailable");
        } else if (areEnough && !isReplicated && beats > 1) {
            log.info("as many replicas of Redis follow it as cluster.wait asks for");
        }
        isReplicated = areEnough;
    }

    /** Logs which other nodes have come and gone. */
    private void tellChanges(StoreReply.Beats seen) {
        Set<String> now = new TreeSet<>();
        seen.beats().values().forEach(beat -> now.add(beat.name()));
        now.remove(site.node());
        now.stream().filter(it -> !names.contains(it)).forEach(it -> log.info("server {} is in the cluster", it));
        names.stream().filter(it -> !now.contains(it)).forEach(it -> log.info("server {} has left the cluster", it));
        names = now;
    }
}
