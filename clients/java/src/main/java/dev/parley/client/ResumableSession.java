// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

/** What outlives a socket of {@code parley.v1}. For the client's lock only. */
final class ResumableSession {

    private final String id;
    private final FrameSequence incoming = new FrameSequence();
    private String resumeToken;

    ResumableSession(ServerFrame.Terms terms) {
        this.id = terms.sessionId();
        this.resumeToken = terms.resumeToken();
    }

    /** Takes the token for the next resume. */
    void resume(ServerFrame.Terms terms) throws BrokenProtocolException {
        if (!id.equals(terms.sessionId())) {
            throw new BrokenProtocolException("another session was resumed");
        }
        resumeToken = terms.resumeToken();
    }

    FrameSequence incoming() {
        return incoming;
    }

    /** Returns the subprotocol that asks the server to resume this session. It contains a secret. */
    String item() {
        return "resume." + resumeToken + "." + incoming.last();
    }
}
