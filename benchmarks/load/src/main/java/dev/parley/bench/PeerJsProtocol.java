// SPDX-License-Identifier: Apache-2.0
package dev.parley.bench;

import io.netty.buffer.ByteBuf;

/** The protocol of the PeerJS server: clients choose their ids, and there are no rooms. */
final class PeerJsProtocol implements BenchProtocol {

    private static final String TYPE = "{\"type\":\"";

    @Override
    public String target(BenchClient client) {
        client.id("bench-" + client.number());
        return "/peerjs?key=peerjs&id=" + client.id() + "&token=t" + client.number() + "&version=1.5.4";
    }

    @Override
    public boolean welcomes() {
        return true;
    }

    @Override
    public byte[] signal(BenchClient from, BenchClient to, String data) {
        return SignalData.bytes("{\"type\":\"OFFER\",\"dst\":\"" + to.id() + "\",\"payload\":" + data + "}");
    }

    @Override
    public ServerWord handle(BenchClient client, ByteBuf bytes, int index, int length) {
        if (length <= TYPE.length() + 1) {
            return ServerWord.OTHER;
        }
        return switch (bytes.getByte(index + TYPE.length() + 1)) { // the second letter of the type
            case 'P' -> ServerWord.WELCOME; // OPEN
            case 'F' -> ServerWord.SIGNAL; // OFFER
            case 'R', 'D' -> ServerWord.REFUSED; // ERROR, ID-TAKEN
            default -> ServerWord.OTHER;
        };
    }
}
