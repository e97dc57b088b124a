// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class AcceptFailuresTest {

    private static final Logger LOG = (Logger) LoggerFactory.getLogger(AcceptFailures.class);

    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final AtomicLong now = new AtomicLong();
    private final EmbeddedChannel listener = new EmbeddedChannel(new AcceptFailures(now::get));

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
    void socketsThatCannotBeAcceptedAreALineAMinuteWithoutATrace() {
        for (int second = 0; second < 61; second++) {
            listener.pipeline().fireExceptionCaught(new IOException("accept(..) failed: Too many open files"));
            now.addAndGet(TimeUnit.SECONDS.toNanos(1));
        }
        listener.checkException();

        assertThat(lines.list).hasSize(2).allSatisfy(line -> {
            assertThat(line.getFormattedMessage()).contains("Too many open files", "LimitNOFILE", "ulimit -n");
            assertThat(line.getThrowableProxy()).isNull();
        });
    }

    @Test
    void otherFailuresAreLeftToNetty() {
        listener.pipeline().fireExceptionCaught(new IllegalStateException("of another kind"));

        assertThatThrownBy(listener::checkException).hasMessageContaining("of another kind");
    }
}
