// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;

/** Bytes to requests, as Netty reads them; a head that {@link HeadScan} does not like makes a failed one. */
final class RequestDecoder extends HttpRequestDecoder {

    private final HeadScan scan = new HeadScan();
    private boolean isInHead = true;

    RequestDecoder(HttpDecoderConfig config) {
        super(config);
    }

    /** The name of the protocol counts in capitals only (RFC 9112 section 2.3). */
    @Override
    protected HttpMessage createMessage(String[] requestLine) throws Exception {
        if (!requestLine[2].startsWith("HTTP/")) {
            throw new IllegalArgumentException("no version of HTTP");
        }
        return super.createMessage(requestLine);
    }

    /** Reads on; up to the request that comes out, what was read is its head, and nothing else. */
    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf buffer, List<Object> out) throws Exception {
        int begin = buffer.readerIndex();
        int before = out.size();
        super.decode(ctx, buffer, out);
        if (isInHead) {
            buffer.forEachByte(begin, buffer.readerIndex() - begin, scan);
        }
        for (Object part : out.subList(before, out.size())) {
            if (part instanceof HttpRequest request) {
                isInHead = false;
                if (scan.isBroken() && request.decoderResult().isSuccess()) {
                    request.setDecoderResult(DecoderResult.failure(new IllegalArgumentException("not a clean head")));
                }
            }
            if (part instanceof LastHttpContent) {
                isInHead = true;
                scan.reset();
            }
        }
    }
}
