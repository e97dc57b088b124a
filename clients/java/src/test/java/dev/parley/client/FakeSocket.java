// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A socket whose other side is the test. */
final class FakeSocket implements ClientSocket {

    private final List<String> offered;
    private final Hearer hearer;
    private final List<String> sent = new ArrayList<>();
    private final Runnable settling;
    private boolean isAborted;

    /** @param settling runs what the client has put off */
    FakeSocket(List<String> offered, Hearer hearer, Runnable settling) {
        this.offered = offered;
        this.hearer = hearer;
        this.settling = settling;
    }

    List<String> offered() {
        return offered;
    }

    /**
     * What the client sent since the last call, with apostrophes for quotation marks; a Close frame as {@code Close
     * 1000}.
     */
    List<String> sent() {
        List<String> taken = List.copyOf(sent);
        sent.clear();
        return taken;
    }

    boolean isAborted() {
        return isAborted;
    }

    @Override
    public void send(String text) {
        sent.add(text.replace('"', '\''));
    }

    @Override
    public void close(int code, String reason) {
        sent.add("Close " + code);
    }

    @Override
    public void abort() {
        isAborted = true;
    }

    /** The server opens it and says these, where apostrophes stand for quotation marks. */
    void open(String subprotocol, String... texts) {
        tell(to -> to.opened(subprotocol));
        say(texts);
    }

    void say(String... texts) {
        for (String text : texts) {
            tell(to -> to.received(text.replace('\'', '"')));
        }
    }

    /** A part of a message arrives whose end is still on its way. */
    void sayPart() {
        tell(Hearer::heardPart);
    }

    void lose() {
        end(NO_CLOSE, "the network is gone");
    }

    void end(int code, String reason) {
        tell(to -> to.ended(code, reason));
    }

    private void tell(Consumer<Hearer> words) {
        words.accept(hearer);
        settling.run();
    }
}
