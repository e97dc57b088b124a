// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Two peers on different servers, of whom one sends the other numbered signals all the time. */
final class SendingPair {

    private static final long PACE_NANOS = Duration.ofMillis(50).toNanos();
    private static final Pattern REQUEST = Pattern.compile("\"requestId\":\"([0-9]+)\"");
    private static final Pattern DATA = Pattern.compile("\"data\":([0-9]+)");

    private final Visitor sender;
    private final Visitor receiver;
    private final Thread sending;
    private final List<Thread> reading = new ArrayList<>();
    private final Map<Integer, String> answers = new HashMap<>();
    private final List<Integer> received = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private final AtomicInteger sent = new AtomicInteger();
    private boolean isResting;
    private volatile boolean isOver;
    private volatile boolean isClosed;

    /** Connects both, and begins. */
    SendingPair(Servers servers, int number) {
        sender = Visitor.connect(servers.port(0), 2 * number);
        receiver = Visitor.connect(servers.port(1), 2 * number + 1);
        reading.add(Thread.ofVirtual().start(() -> read(sender, this::take)));
        reading.add(Thread.ofVirtual().start(() -> read(receiver, this::take)));
        sending = Thread.ofVirtual().start(this::send);
    }

    private void send() {
        while (!isOver) {
            sendNext();
            LockSupport.parkNanos(PACE_NANOS);
        }
    }

    private synchronized void sendNext() {
        if (!isResting) {
            int number = sent.incrementAndGet();
            sender.say("{\"type\":\"send\",\"requestId\":\"" + number + "\",\"to\":\"" + receiver.id() + "\",\"data\":"
                    + number + "}");
        }
    }

    /** Sends nothing for a while, or goes on. */
    synchronized void rest(boolean isToRest) {
        isResting = isToRest;
    }

    private void read(Visitor visitor, Consumer<String> taker) {
        String frame = visitor.receive();
        while (frame.startsWith("text")) {
            taker.accept(frame);
            frame = visitor.receive();
        }
        if (!isClosed) {
            fault("a connection ended: " + frame);
        }
    }

    private synchronized void take(String frame) {
        Matcher request = REQUEST.matcher(frame);
        if (request.find()) {
            String earlier = answers.put(Integer.parseInt(request.group(1)), frame);
            if (earlier != null) {
                faults.add("answered twice: " + earlier + " and " + frame);
            }
            return;
        }
        Matcher data = DATA.matcher(frame);
        if (data.find()) {
            received.add(Integer.parseInt(data.group(1)));
        }
    }

    private synchronized void fault(String fault) {
        faults.add(fault);
    }

    /** Whether the signal that was sent last is acknowledged. */
    synchronized boolean isServed() {
        String last = answers.get(sent.get() - 1);
        return last != null && last.contains("\"ack\"");
    }

    /** Sends nothing more. */
    void end() throws InterruptedException {
        isOver = true;
        sending.join();
    }

    /** Whether every signal has its answer, and every acknowledged one has arrived. */
    synchronized boolean isSettled() {
        return answers.size() == sent.get() && received.size() >= acknowledged();
    }

    private long acknowledged() {
        return answers.values().stream().filter(it -> it.contains("\"ack\"")).count();
    }

    /** How many signals were refused because Redis was away. */
    synchronized long refused() {
        return answers.values().stream()
                .filter(it -> it.contains("\"unavailable\""))
                .count();
    }

    /** How many signals were refused and arrived nevertheless. */
    synchronized long refusedAndReceived() {
        return received.stream()
                .filter(it -> answers.getOrDefault(it, "").contains("\"unavailable\""))
                .count();
    }

    /** What cannot be, of a pair that is settled. */
    synchronized List<String> faults() {
        List<String> all = new ArrayList<>(faults);
        for (int i = 1; i < received.size(); i++) {
            if (received.get(i) <= received.get(i - 1)) {
                all.add(received.get(i) + " arrived behind " + received.get(i - 1));
            }
        }
        Set<Integer> arrived = Set.copyOf(received);
        for (int number = 1; number <= sent.get(); number++) {
            String answer = answers.get(number);
            if (answer == null) {
                all.add(number + " was never answered");
            } else if (answer.contains("\"ack\"")) {
                if (!arrived.contains(number)) {
                    all.add(number + " was acknowledged and never arrived");
                }
            } else if (!answer.contains("\"unavailable\"")) {
                all.add(number + " was answered by " + answer);
            }
        }
        return all;
    }

    void close() {
        isClosed = true;
        sender.close();
        receiver.close();
    }
}
