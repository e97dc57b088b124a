// SPDX-License-Identifier: Apache-2.0

import dev.parley.client.Credential;
import dev.parley.client.Event;
import dev.parley.client.ParleyClient;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs the Java client as a reader: {@code Reader.java URL KEY CHANNEL...}. Prints a JSON line with its peer id for
 * each welcome, and one with its counts for each line of standard input.
 */
final class Reader {

    private static final Pattern NUMBERED = Pattern.compile("^\\{\"s\":(\\d+),\"n\":(\\d+)");

    private final Map<String, Integer> next = new HashMap<>();
    private final Map<String, Integer> rosters = new HashMap<>();
    private int received;
    private int disorder;
    private int undelivered;
    private int sessionsLost;
    private int connectionsLost;
    private String ends = "";
    private String peerId = "";

    public static void main(String[] arguments) throws Exception {
        Reader reader = new Reader();
        ParleyClient client = ParleyClient.connect(
                URI.create(arguments[0]), Credential.key(arguments[1]), (it, event) -> reader.on(event));
        for (int index = 2; index < arguments.length; index++) {
            client.subscribe(arguments[index]);
        }
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (input.readLine() != null) {
            System.out.println(reader.report());
        }
        System.exit(0);
    }

    private synchronized void on(Event event) {
        switch (event) {
            case Event.Welcomed welcomed -> {
                if (!peerId.isEmpty() && !welcomed.resumed()) {
                    sessionsLost++;
                    ends += "session " + welcomed.reason() + "; ";
                }
                peerId = welcomed.peerId();
                System.out.println("{\"peerId\":\"" + peerId + "\"}");
            }
            case Event.Direct direct -> count(direct.data());
            case Event.Message message -> count(message.data());
            case Event.Presence presence ->
                rosters.merge(presence.channel(), presence.joined().size(), Integer::sum);
            case Event.Undelivered lost -> undelivered++;
            case Event.ConnectionLost lost -> {
                connectionsLost++;
                ends += lost.why() + "; ";
            }
            case Event.Closed closed -> ends += "closed " + closed.code() + " " + closed.reason() + "; ";
            default -> {} // who else is away, and errors of requests it does not make
        }
    }

    private void count(String data) {
        received++;
        Matcher matcher = NUMBERED.matcher(data.substring(0, Math.min(40, data.length())));
        if (matcher.find()) {
            int number = Integer.parseInt(matcher.group(2));
            if (number != next.merge(matcher.group(1), 1, Integer::sum)) {
                disorder++;
            }
        }
    }

    private synchronized String report() {
        StringBuilder channels = new StringBuilder();
        rosters.forEach((channel, size) -> channels.append(channels.isEmpty() ? "" : ",")
                .append('"').append(channel).append("\":").append(size));
        return "{\"received\":%d,\"disorder\":%d,\"undelivered\":%d,"
                        .formatted(received, disorder, undelivered)
                + "\"sessionsLost\":%d,\"connectionsLost\":%d,\"ends\":\"%s\",\"rosters\":{%s}}"
                        .formatted(sessionsLost, connectionsLost, ends.replace('"', '\''), channels);
    }
}
