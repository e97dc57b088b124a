// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import dev.parley.core.port.HttpReply;
import dev.parley.core.port.Payload;
import dev.parley.core.relay.AppUsage;
import dev.parley.json.JsonBuilder;
import java.util.function.Consumer;

/** Tells how much an app uses. Nothing can be used beyond a limit, so there are no overages. */
record UsageReport() implements ApiOperation {

    /** Stands where there is no limit, because clients count on a number: the largest their types surely hold. */
    private static final long ANY_CONNECTIONS = Integer.MAX_VALUE;

    /** The highest count of messages that is written: the largest integer that numbers of JavaScript hold exactly. */
    private static final long ANY_MESSAGES = (1L << 53) - 1;

    @Override
    public void perform(ApiCall call, Consumer<HttpReply> answer) {
        AppUsage usage = call.directory().usage();
        AppUsage.Period period = usage.period();
        JsonBuilder text = JsonReplies.text()
                .raw("{\"appId\":")
                .string(call.app().id())
                .raw(",\"periodStartUnix\":")
                .number(period.start())
                .raw(",\"periodEndUnix\":")
                .number(period.end())
                .raw(",\"concurrentNow\":")
                .number(usage.connections())
                .raw(",\"peakConcurrent\":")
                .number(usage.mostConnections())
                .raw(",\"messagesUsed\":")
                .number(usage.allMessages())
                .raw(",\"overageMessages\":0,\"overageConnections\":0,\"plan\":");
        answer.accept(JsonReplies.ok(plan(text, usage)));
    }

    private static Payload plan(JsonBuilder text, AppUsage usage) {
        return text.raw("{\"name\":null,\"maxConcurrentConnections\":")
                .number(usage.maxConnections() == 0 ? ANY_CONNECTIONS : usage.maxConnections())
                .raw(",\"maxMessagesPerPeriod\":")
                .number(usage.maxMessages() == 0 ? ANY_MESSAGES : usage.maxMessages())
                .raw(",\"overagesAllowed\":false,\"overagesEnabled\":false}")
                .end();
    }
}
