// SPDX-License-Identifier: Apache-2.0
package dev.parley.boot;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.parley.core.port.PauseCause;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class RefusalLogTest {

    private static final Logger LOG = (Logger) LoggerFactory.getLogger(RefusalLog.class);
    private static final InetAddress CLIENT = InetAddress.ofLiteral("192.0.2.7");

    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final AtomicLong now = new AtomicLong();
    private final RefusalLog log = new RefusalLog(now::get);

    @BeforeEach
    void listen() {
        lines.start();
        LOG.addAppender(lines);
    }

    @AfterEach
    void stopListening() {
        LOG.detachAppender(lines);
    }

    @Test
    void aFloodOfOneKindIsALineASecondAndHidesNoOther() {
        for (int i = 0; i < 1_000; i++) {
            refuse(4001, "unknown publishable key");
        }
        refuse(403, "The key is missing or wrong.");
        now.addAndGet(TimeUnit.SECONDS.toNanos(1));
        refuse(4001, "unknown publishable key");

        assertThat(told())
                .containsExactly(
                        "refused 4001 client=192.0.2.7 path=/v1: unknown publishable key",
                        "refused 403 client=192.0.2.7 path=/v1: The key is missing or wrong.",
                        "refused 4001 client=192.0.2.7 path=/v1: unknown publishable key"
                                + " (999 more since the last such line)");
    }

    @Test
    void aSocketThatGotNoAnswerIsCalledASocket() {
        refuse(0, "too many of its sockets wait to be admitted");

        assertThat(told())
                .containsExactly(
                        "refused a socket client=192.0.2.7 path=/v1: too many of its sockets wait to be" + " admitted");
    }

    @Test
    void aBusyReceiverAndAPausedSenderAreALineASecondEach() {
        for (int i = 0; i < 100; i++) {
            log.receiverBusy("demo", "slow peer");
            log.paused(PauseCause.PEER, "demo", "fast", CLIENT);
            log.paused(PauseCause.ADDRESS, "demo", "fast", CLIENT);
        }
        now.addAndGet(TimeUnit.SECONDS.toNanos(1));
        log.receiverBusy("demo", "slow peer");

        String busy = "receiver_busy app=demo peer=\"slow peer\": the peer takes signals more slowly than they are "
                + "sent to it";
        assertThat(told())
                .containsExactly(
                        busy,
                        "paused limit=peer app=demo peer=fast client=192.0.2.7: the peer sends more than"
                                + " limits.messagesPerSecond or limits.bytesPerSecond",
                        "paused limit=address app=demo peer=fast client=192.0.2.7: clients of this address send"
                                + " more than"
                                + " limits.messagesPerSecondPerIp or limits.bytesPerSecondPerIp",
                        busy + " (99 more since the last such line)");
    }

    private void refuse(int code, String reason) {
        log.refused(CLIENT, code, reason, () -> "path=/v1");
    }

    private List<String> told() {
        return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }
}
