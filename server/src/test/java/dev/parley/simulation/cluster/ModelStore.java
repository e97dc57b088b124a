// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation.cluster;

import dev.parley.cluster.InboxEntry;
import dev.parley.cluster.StoreCall;
import dev.parley.cluster.StoreReply;
import dev.parley.core.port.Command;
import dev.parley.core.port.NodeEvent;
import dev.parley.core.port.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** What the scripts of the store do, in Java: each call at one moment, with everything that follows from it. */
public final class ModelStore {

    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final Map<String, ModelApp> apps = new LinkedHashMap<>();
    private int epoch;
    private long begun;

    private static final class Node {
        final String name;
        long lastCommand;
        long beat;

        /** Entries of the inbox that were removed. */
        long removed;

        final List<InboxEntry> inbox = new ArrayList<>();

        Node(String name) {
            this.name = name;
        }
    }

    /** Does a call, and returns the reply. */
    public StoreReply handle(StoreCall call) {
        return switch (call) {
            case StoreCall.Begin begin -> begin(begin.node());
            case StoreCall.Decide decide ->
                of(decide.incarnation(), node -> {
                    decide.commands().forEach(it -> decide(decide.incarnation(), node, it));
                    return new StoreReply.Decided(
                            node.lastCommand, decide.isReading() ? page(node, decide.after()) : null);
                });
            case StoreCall.Read read -> of(read.incarnation(), node -> read(node, read.after()));
            case StoreCall.Renew renew -> of(renew.incarnation(), node -> renew(node, renew.beat()));
            case StoreCall.Sweep sweep ->
                of(sweep.incarnation(), node -> {
                    sweep(sweep.other(), sweep.beat());
                    return new StoreReply.Done();
                });
        };
    }

    private StoreReply begin(String node) {
        String incarnation = epoch + "." + ++begun + "." + node;
        nodes.put(incarnation, new Node(node));
        return new StoreReply.Begun(incarnation, Duration.ZERO);
    }

    private StoreReply of(String incarnation, Function<Node, StoreReply> call) {
        Node node = nodes.get(incarnation);
        return node == null ? new StoreReply.Gone() : call.apply(node);
    }

    private StoreReply renew(Node node, long beat) {
        node.beat = Math.max(node.beat, beat);
        Map<String, StoreReply.NodeBeat> beats = new TreeMap<>();
        nodes.forEach((incarnation, it) -> beats.put(incarnation, new StoreReply.NodeBeat(it.name, it.beat)));
        return new StoreReply.Beats(beats, node.inbox.size(), 0, List.of(), true);
    }

    /** Loses everything. */
    public void empty() {
        epoch++;
        nodes.clear();
        apps.clear();
    }

    /** Whether no session is known. */
    public boolean isEmpty() {
        return apps.values().stream().allMatch(ModelApp::isEmpty);
    }

    private void decide(String incarnation, Node node, StoreCall.Numbered numbered) {
        if (numbered.number() > node.lastCommand) {
            node.lastCommand = numbered.number();
            Outcome outcome = decide(incarnation, numbered.command());
            node.inbox.add(new InboxEntry.Decided(numbered.number(), outcome));
        }
    }

    private Outcome decide(String node, Command command) {
        ModelApp app = apps.computeIfAbsent(command.app(), it -> new ModelApp(it, this::append));
        return switch (command) {
            case Command.Arrive arrive -> app.arrive(node, arrive);
            case Command.AnswerProbe answer -> app.answerProbe(answer);
            case Command.Depart depart -> app.depart(depart);
            case Command.Join join -> app.join(node, join);
            case Command.Rejoin rejoin -> app.rejoin(node, rejoin);
            case Command.Enter enter -> app.enter(node, enter);
            case Command.Leave leave -> app.leave(leave.room(), leave.session());
            case Command.SetAway away -> app.setAway(away);
            case Command.SetPatternCost cost -> app.setPatternCost(node, cost);
            case Command.Publish publish -> app.publish(publish);
            case Command.Send send -> app.send(send);
            case Command.Close close -> app.close(close);
            case Command.Report report -> app.report(report);
            case Command.Ask ask -> {
                nodes.keySet()
                        .forEach(it -> append(it, new NodeEvent.Asked(ask.app(), node, ask.number(), ask.query())));
                yield new Outcome.Reached(nodes.size());
            }
            case Command.Answer answer -> {
                append(answer.node(), new NodeEvent.Answered(answer.app(), answer.number(), answer.part()));
                yield new Outcome.Done();
            }
        };
    }

    private void append(String node, NodeEvent event) {
        Node known = nodes.get(node);
        if (known != null) {
            known.inbox.add(new InboxEntry.Happened(event));
        }
    }

    private static StoreReply read(Node node, long after) {
        while (node.removed < after) {
            node.inbox.removeFirst();
            node.removed++;
        }
        return page(node, after);
    }

    private static StoreReply.Page page(Node node, long after) {
        long first = Math.max(after, node.removed);
        List<InboxEntry> behind = node.inbox.subList((int) (first - node.removed), node.inbox.size());
        List<InboxEntry> page = List.copyOf(behind.subList(0, Math.min(20, behind.size())));
        return new StoreReply.Page(page, first + page.size(), Map.of());
    }

    private void sweep(String incarnation, long beat) {
        Node node = nodes.get(incarnation);
        if (node != null && node.beat == beat) {
            nodes.remove(incarnation);
            apps.values().forEach(app -> app.leaveRooms(incarnation));
            apps.values().forEach(app -> app.depart(incarnation));
        }
    }
}
