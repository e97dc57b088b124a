// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.port;

import java.util.function.Consumer;

/** What all servers together remember of requests that must not be done twice. Safe from any thread. */
public interface SharedReplies {

    /** For a server that is alone: nobody else does what it does. */
    SharedReplies NONE = new SharedReplies() {
        @Override
        public void take(String app, String key, String request, Consumer<Taken> answer) {
            answer.accept(new Taken.Free());
        }

        @Override
        public void keep(String app, String key, HttpReply reply) {}

        @Override
        public void release(String app, String key) {}
    };

    /**
     * Takes a request on for this server, unless another one has done so under the same key. A server takes each key
     * once at a time, and then keeps the reply or releases the key.
     *
     * @param request a digest of what is asked
     * @param answer is called once, on any thread
     */
    void take(String app, String key, String request, Consumer<Taken> answer);

    /** Keeps the reply to a request that this server has taken on. */
    void keep(String app, String key, HttpReply reply);

    /** Forgets a request that this server has taken on: it may be tried again. */
    void release(String app, String key);

    /** What came of taking a request on. */
    sealed interface Taken {

        /** This server does it. */
        record Free() implements Taken {}

        /**
         * Another server does it, or has failed while it did.
         *
         * @param request a digest of what it was asked
         */
        record Busy(String request) implements Taken {}

        /**
         * It has been done.
         *
         * @param request a digest of what was asked
         * @param reply what was answered, without its headers
         */
        record Done(String request, HttpReply reply) implements Taken {}

        /** The store did not answer: nothing is done. */
        record Unknown() implements Taken {}
    }
}
