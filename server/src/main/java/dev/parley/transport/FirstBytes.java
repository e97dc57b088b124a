// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Notifies the lobby when the socket has sent something, before anything is decoded; then leaves the pipeline. */
final class FirstBytes extends ChannelInboundHandlerAdapter {

    private final UnadmittedSockets.Place place;

    FirstBytes(UnadmittedSockets.Place place) {
        this.place = place;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        place.sentFirstBytes();
        ctx.pipeline().remove(this);
        ctx.fireChannelRead(message);
    }
}
