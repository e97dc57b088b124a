// SPDX-License-Identifier: Apache-2.0
package dev.parley.page;

import dev.parley.core.port.ClientRequest;
import dev.parley.core.port.HttpReply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * A file with both forms in which it is sent: as it is, and compressed once for all requests. Each form has a strong
 * entity tag (RFC 9110 section 8.8.3), by which a client that has it is answered with 304 and no body.
 */
final class StaticFile {

    private static final int TAG_BYTES = 16;

    private final Form plain;
    private final Form gzipped;

    /** @param headers of every answer */
    StaticFile(byte[] content, String contentType, Map<String, String> headers) {
        plain = Form.of(content, contentType, headers, Map.of());
        byte[] small = gzip(content);
        gzipped = small.length < content.length
                ? Form.of(small, contentType, headers, Map.of("Content-Encoding", "gzip"))
                : plain;
    }

    /** The form that the client takes, or 304 if it has that form. */
    HttpReply reply(ClientRequest request) {
        Form form = ContentNegotiation.isGzipAccepted(request.headers()) ? gzipped : plain;
        return ContentNegotiation.isKnown(request.headers(), form.tag) ? form.unchanged : form.whole;
    }

    /**
     * One form of the file.
     *
     * @param tag its entity tag, with quotes
     * @param whole the answer that brings it
     * @param unchanged the answer to a client that has it
     */
    private record Form(String tag, HttpReply whole, HttpReply unchanged) {

        static Form of(byte[] body, String contentType, Map<String, String> headers, Map<String, String> coding) {
            String tag = '"' + hash(body) + '"';
            Map<String, String> all = new HashMap<>(headers);
            all.put("ETag", tag);
            all.put("Vary", "Accept-Encoding");
            HttpReply unchanged = new HttpReply(304, contentType, Map.copyOf(all), new byte[0]);
            all.putAll(coding);
            return new Form(tag, new HttpReply(200, contentType, Map.copyOf(all), body), unchanged);
        }
    }

    private static String hash(byte[] body) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(body);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, TAG_BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    private static byte[] gzip(byte[] content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new BestGzip(bytes)) {
            out.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Compresses as much as gzip can: it does so once. */
    private static final class BestGzip extends GZIPOutputStream {
        BestGzip(OutputStream out) throws IOException {
            super(out);
            def.setLevel(Deflater.BEST_COMPRESSION);
        }
    }
}
