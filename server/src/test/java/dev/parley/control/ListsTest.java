// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.parley.config.Action;
import dev.parley.config.KeyRights;
import dev.parley.core.access.App;
import dev.parley.core.access.BackEnd;
import dev.parley.core.access.GrantAuthority;
import dev.parley.core.access.GrantPowers;
import dev.parley.core.port.ClientRequest;
import dev.parley.core.port.Frame;
import dev.parley.core.port.HttpReply;
import dev.parley.core.port.PeerIdentity;
import dev.parley.core.relay.AppDirectory;
import dev.parley.core.room.EntryResult;
import dev.parley.core.room.MemberInterest;
import dev.parley.core.room.RoomMember;
import dev.parley.core.session.PlainSession;
import dev.parley.core.session.Session;
import dev.parley.json.JsonFault;
import dev.parley.simulation.SimulatedConnection;
import dev.parley.simulation.SimulatedLoop;
import dev.parley.simulation.Terms;
import java.net.InetAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What lists cost and how large they are, however much there is. What they say is in wire.rest. */
@Execution(ExecutionMode.CONCURRENT) // it does not depend on time
class ListsTest {

    private static final int ROOMS = 15_000;

    /** One item may follow when a page has cost all it may, and cost as much as a page. */
    private static final int MOST_STEPS = 2 * RequestEffort.MAX_STEPS + 1_000;

    private static final int LARGEST_ITEM = 70_000;

    private final AtomicBoolean isStuck = new AtomicBoolean();
    private final CountDownLatch stuck = new CountDownLatch(1);
    private final CountDownLatch freed = new CountDownLatch(1);
    private final AppDirectory directory = new AppDirectory(() -> 0, Duration.ZERO, Terms.unlimited());
    private final SimulatedLoop loop = new SimulatedLoop();
    private final PageCursors cursors = new PageCursors(Optional.empty());
    private BackEnd backEnd = backEnd(KeyRights.all());
    private int connections;

    /** An answer, and what it cost. */
    private record Answer(JsonNode json, int bytes, int steps) {}

    @Test
    void aPageOfPeersLooksAtItsPeersAndTheirRoomsAndAtNothingElse() throws ApiRefusedException {
        for (int i = 0; i < ROOMS; i++) {
            join(session("p" + i), "room-" + i);
        }

        Answer answer = ask(new PeerList(cursors), "", "limit=1");

        assertThat(answer.json().at("/peers/0/channels/0").asString()).isEqualTo("room-0");
        assertThat(answer.steps()).isLessThan(20);
        assertThat(ask(new PeerList(cursors), "", "limit=100&after=p7").steps()).isLessThan(1_000);
    }

    @Test
    void aPageOfChannelsLooksAtItsChannelsAndAtNobodyInThem() throws ApiRefusedException {
        for (int i = 0; i < ROOMS; i++) {
            join(session("p" + i), "room-" + i);
        }
        for (int i = 0; i < 1_000; i++) {
            join(session("q" + i), "room-1");
        }

        Answer answer = ask(new ChannelList(cursors), "", "limit=1&after=room-0");

        assertThat(answer.json().at("/channels/0").toString()).isEqualTo("{\"channel\":\"room-1\",\"peers\":1001}");
        assertThat(answer.steps()).isLessThan(20);
        assertThat(ask(new ChannelList(cursors), "", "prefix=room-149&limit=2").steps())
                .isLessThan(20);
    }

    /** What a room tells is encoded under its lock. */
    @Test
    @Timeout(60)
    void noListWaitsForTheLockOfARoom() throws Exception {
        join(session("a"), "room");
        isStuck.set(true);
        Session curious = session("b");
        Thread newcomer = Thread.ofPlatform()
                .start(() ->
                        directory.rooms().join("room", curious, MemberInterest.of(true, false), Integer.MAX_VALUE));
        stuck.await();

        assertThat(ask(new PeerList(cursors), "", "")
                        .json()
                        .at("/peers/0/channels")
                        .toString())
                .isEqualTo("[\"room\"]");
        assertThat(ask(new ChannelList(cursors), "", "")
                        .json()
                        .at("/channels/0/peers")
                        .asInt())
                .isEqualTo(1);
        assertThat(ask(new RosterReport(cursors), "room", "")
                        .json()
                        .at("/peers/0/peerId")
                        .asString())
                .isEqualTo("a");
        freed.countDown();
        newcomer.join();
    }

    private @Nullable Frame encode() {
        if (isStuck.get()) {
            stuck.countDown();
            try {
                freed.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
        return null;
    }

    @Test
    void theNumberOfPeersOfAChannelCountsEachPeerOnce() throws ApiRefusedException {
        List<RoomMember> members = new ArrayList<>();
        for (String id : List.of("a", "b", "a", "a")) {
            members.add(join(session(id), "room"));
        }
        RoomMember listener = listen(session("c"), "room");
        assertThat(directory.rooms().peers("room")).isEqualTo(2);
        members.getFirst().leave();
        listener.leave();
        assertThat(directory.rooms().peers("room")).isEqualTo(2);
        members.get(1).leave();
        assertThat(directory.rooms().peers("room")).isEqualTo(1);
        members.get(2).leave();
        members.get(3).leave();
        assertThat(directory.rooms().peers("room")).isZero();
        assertThat(directory.rooms().names().from("", 10)).isEmpty();
    }

    @Test
    void aRosterOfManyIsReadByPagesEachOfWhichCostsABoundedAmount() throws ApiRefusedException {
        List<String> ids = IntStream.range(0, RequestEffort.MAX_STEPS + 5)
                .mapToObj(i -> "p" + i)
                .sorted()
                .toList();
        for (String id : ids) {
            Session session = session(id);
            join(session, "other-" + id);
            listen(session, "room").enter();
            join(session("q" + id), "other-" + id); // not in the room, and between those who are
        }

        assertThat(read(
                        new RosterReport(cursors),
                        "room",
                        "peers",
                        peer -> peer.path("peerId").asString()))
                .isEqualTo(ids);
    }

    @Test
    void aSmallRosterIsOnePageAndSaysNothingOfOthers() throws ApiRefusedException {
        for (int i = 0; i < NamePage.MAX_LIMIT; i++) {
            join(session("p" + i), "room");
        }
        assertThat(ask(new RosterReport(cursors), "room", "").json().has("next"))
                .isFalse();
        join(session("p" + NamePage.MAX_LIMIT), "room");
        assertThat(ask(new RosterReport(cursors), "room", "").json().has("next"))
                .isTrue();
    }

    /** The key must find its own channels however many others lie between, and must not learn what these are called. */
    @Test
    void whatAKeyDoesNotCoverCostsABoundedAmountAndIsNotNamed() throws ApiRefusedException {
        Session crowd = session("crowd");
        for (int i = 0; i < ROOMS; i++) {
            join(crowd, "hidden-" + i);
            join(crowd, "m-hidden-" + i);
        }
        List<String> covered = List.of("a-open", "m-open", "z-open");
        covered.forEach(channel -> join(crowd, channel));
        backEnd = backEnd(new KeyRights(List.of("*-open"), Set.of(Action.PRESENCE)));

        assertThat(read(
                        new ChannelList(cursors),
                        "",
                        "channels",
                        channel -> channel.path("channel").asString()))
                .isEqualTo(covered);
    }

    @Test
    void aSearchForPeersInFewChannelsCostsABoundedAmount() throws ApiRefusedException {
        for (int i = 0; i < ROOMS; i++) {
            join(session("p" + i), i % 7_000 == 6_999 ? "rare" : "room-" + i);
        }

        assertThat(read(
                        new PeerList(cursors),
                        "channels=rare",
                        "peers",
                        peer -> peer.path("peerId").asString()))
                .containsExactly("p13999", "p6999");
    }

    @Test
    void aPageEndsBeforeItIsTooLarge() throws ApiRefusedException {
        String metadata = "{\"m\":\"" + "x".repeat(4_000) + "\"}";
        List<String> ids =
                IntStream.range(0, 200).mapToObj(i -> "p" + i).sorted().toList();
        for (String id : ids) {
            join(session(id, metadata), "room");
        }

        assertThat(read(
                        new RosterReport(cursors),
                        "room",
                        "peers",
                        peer -> peer.path("peerId").asString()))
                .isEqualTo(ids);
        assertThat(read(
                        new PeerList(cursors),
                        "limit=1000",
                        "peers",
                        peer -> peer.path("peerId").asString()))
                .isEqualTo(ids);
    }

    @Test
    void ofAPeerInVeryManyChannelsTheFirstAreListed() throws ApiRefusedException {
        Session busy = session("busy");
        for (int i = 0; i <= PeerList.MAX_CHANNELS; i++) {
            join(busy, "room-" + (10_000 + i));
        }
        JsonNode peer = ask(new PeerList(cursors), "", "").json().at("/peers/0");

        assertThat(peer.path("channels").size()).isEqualTo(PeerList.MAX_CHANNELS);
        assertThat(peer.at("/channels/999").asString()).isEqualTo("room-10999");
        assertThat(peer.path("moreChannels").asBoolean()).isTrue();
    }

    @Test
    void thePeerInTheLargestChannelsThereCanBeHasABoundedItem() throws ApiRefusedException {
        Session busy = session("busy");
        for (int i = 0; i < 2 * RequestEffort.MAX_STEPS; i++) {
            join(busy, "\u20AC".repeat(250) + i);
        }

        Answer answer = ask(new PeerList(cursors), "", "");

        assertThat(answer.json().at("/peers/0/moreChannels").asBoolean()).isTrue();
        assertThat(answer.bytes()).isLessThan(LARGEST_ITEM);
        assertThat(answer.steps()).isLessThan(MOST_STEPS);
    }

    @Test
    void aCursorThatWasNotMadeHereIsRefused() throws ApiRefusedException {
        String foreign = new PageCursors(Optional.empty()).seal("a");
        for (String after : List.of(foreign, "_internal/after/", "_internal/after/%", foreign.substring(0, 20))) {
            ApiRefusedException refused = catchThrowableOfType(
                    ApiRefusedException.class, () -> ask(new ChannelList(cursors), "", "after=" + encode(after)));
            assertThat(refused.reply().status()).isEqualTo(400);
        }
        assertThat(cursors.open(cursors.seal("b"))).isEqualTo("b");
        assertThat(cursors.seal("b")).isNotEqualTo(cursors.seal("b"));
    }

    /** Follows the pages to the end. No page may cost or hold more than it may, and none names what is hidden. */
    private List<String> read(
            ApiOperation operation, String channelOrQuery, String list, Function<JsonNode, String> name)
            throws ApiRefusedException {
        boolean isRoster = operation instanceof RosterReport;
        String more = isRoster ? "" : "&" + channelOrQuery;
        List<String> read = new ArrayList<>();
        String after = "";
        while (after != null) {
            Answer page = ask(operation, isRoster ? channelOrQuery : "", "after=" + encode(after) + more);
            page.json().path(list).forEach(item -> read.add(name.apply(item)));
            assertThat(page.steps()).isLessThan(MOST_STEPS);
            assertThat(page.bytes()).isLessThan(PageWriter.MAX_BYTES + LARGEST_ITEM);
            assertThat(page.json().toString()).doesNotContain("hidden");
            after = page.json().path("next").asString(null);
        }
        return read;
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private Answer ask(ApiOperation operation, String channel, String query) throws ApiRefusedException {
        ClientRequest request =
                new ClientRequest("GET", "/", query, header -> List.of(), InetAddress.getLoopbackAddress());
        ApiCall call = new ApiCall(backEnd, directory, request, channel, new byte[0]);
        try {
            List<HttpReply> replies = new ArrayList<>();
            operation.perform(call, replies::add);
            byte[] body = replies.getFirst().body();
            return new Answer(
                    JsonMapper.shared().readTree(body),
                    body.length,
                    call.effort().steps());
        } catch (JsonFault e) {
            throw new AssertionError(e);
        }
    }

    private Session session(String id) {
        return session(id, null);
    }

    private Session session(String id, @Nullable String metadata) {
        SimulatedConnection connection = new SimulatedConnection(++connections, loop, (client, frame) -> {});
        Session session = new PlainSession(
                connection, new PeerIdentity(id, metadata), "key", Terms.unlimited(), event -> encode());
        directory.peers().arrive(session);
        return session;
    }

    private RoomMember join(Session session, String room) {
        RoomMember member = listen(session, room);
        member.enter();
        return member;
    }

    private RoomMember listen(Session session, String room) {
        if (!(directory.rooms().listen(room, session, MemberInterest.of(false, false))
                instanceof EntryResult.Admitted admitted)) {
            throw new AssertionError("full");
        }
        return admitted.member();
    }

    private static BackEnd backEnd(KeyRights rights) {
        return new BackEnd(new App("app"), new GrantAuthority("sk", GrantPowers.of(rights)));
    }
}
