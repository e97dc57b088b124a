// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.handler.codec.http.TooLongHttpHeaderException;

/**
 * Header fields of requests, refused beyond a number while they arrive: a short field costs many times its bytes in
 * memory, so a limit of bytes alone lets a small request grow large.
 */
final class HeaderLimit implements HttpHeadersFactory {

    /** Several times what browsers and proxies send. */
    private static final int MAX_FIELDS = 100;

    @Override
    public HttpHeaders newHeaders() {
        return new Limited();
    }

    @Override
    public HttpHeaders newEmptyHeaders() {
        return new DefaultHttpHeaders();
    }

    private static final class Limited extends DefaultHttpHeaders {

        @Override
        public HttpHeaders add(CharSequence name, Object value) {
            check();
            return super.add(name, value);
        }

        @Override
        public HttpHeaders add(String name, Object value) {
            check();
            return super.add(name, value);
        }

        private void check() {
            if (size() >= MAX_FIELDS) {
                throw new TooLongHttpHeaderException("more than " + MAX_FIELDS + " header fields");
            }
        }
    }
}
