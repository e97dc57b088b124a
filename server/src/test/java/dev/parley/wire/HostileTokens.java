// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import static dev.parley.wire.Forge.base64;
import static dev.parley.wire.Forge.header;
import static dev.parley.wire.Forge.hmac;
import static dev.parley.wire.Forge.now;
import static dev.parley.wire.Forge.quote;
import static dev.parley.wire.Forge.token;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Tokens that must be refused, and the close code for each. */
final class HostileTokens {

    static final String INVALID = "close 4001 invalid_token";
    static final String EXPIRED = "close 4002 token_expired";
    static final String USELESS = "close 4003 channel_not_authorized";
    static final String SUSPENDED = "close 4012 account_suspended";
    static final String LATER = "close 1013 the token cannot be checked now";

    /** The order of the group of P-256. */
    private static final BigInteger N =
            new BigInteger("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", 16);

    private final Tenants tenants;
    private final List<Case> cases = new ArrayList<>();

    /** One token, and the close codes it may get. */
    record Case(String name, String token, Set<String> closes) {

        @Override
        public String toString() {
            return name;
        }
    }

    private HostileTokens(Tenants tenants) {
        this.tenants = tenants;
    }

    static List<Case> of(Tenants tenants) {
        HostileTokens tokens = new HostileTokens(tenants);
        tokens.algorithms();
        tokens.keyConfusion();
        tokens.signatures();
        tokens.encodings();
        tokens.keyIds();
        tokens.headers();
        tokens.times();
        tokens.claims();
        tokens.issuers();
        tokens.otherCredentials();
        tokens.verdictsOfTheirOwn();
        return tokens.cases;
    }

    private void add(String name, String token) {
        add(name, token, INVALID);
    }

    private void add(String name, String token, String close) {
        cases.add(new Case(name, token, Set.of(close)));
    }

    /** Of a key the issuer has not been asked for: it may be a new one, unless the keys are fetched for it. */
    private void ofAnotherKey(String name, String token) {
        cases.add(new Case(name, token, Set.of(INVALID, LATER)));
    }

    /** Signed with a secret key, but for this header. */
    private void headed(String name, JsonText header) {
        add(name, token(header, mine(), hmac(tenants.key)));
    }

    /** Signed with a secret key, with these claims. */
    private void claiming(String name, JsonText claims) {
        add(name, token(tenants.key, claims));
    }

    private void rawClaims(String name, byte[] claims) {
        add(name, token(utf8(good().toString()), claims, hmac(tenants.key)));
    }

    private JsonText good() {
        return Forge.header(tenants.key);
    }

    private static JsonText mine() {
        return Forge.claims("alice");
    }

    private static JsonText theirs() {
        return Tenants.claims("alice");
    }

    private void algorithms() {
        for (String none : List.of("none", "None", "NONE", "nOnE", "")) {
            add("alg " + none + " without a signature", token(good().with("alg", quote(none)), mine(), it -> bytes()));
            headed("alg " + none + " with a signature", good().with("alg", quote(none)));
            add(
                    "alg " + none + " with the id of an issuer's key",
                    token(header(none, tenants.rsa.id()), theirs(), it -> bytes()));
        }
        headed("no alg", good().without("alg"));
        headed("alg a number", good().with("alg", 256));
        headed("alg null", good().with("alg", "null"));
        headed("alg an array", good().with("alg", "[\"HS256\"]"));
        headed("alg hs256", good().with("alg", "\"hs256\""));
        headed("alg with a space", good().with("alg", "\"HS256 \""));
        add("HS384", token(good().with("alg", "\"HS384\""), mine(), hmac("HmacSHA384", secret())));
        add("HS512", token(good().with("alg", "\"HS512\""), mine(), hmac("HmacSHA512", secret())));
        headed("HS384 with an HS256 signature", good().with("alg", "\"HS384\""));
        add("RS384", theirsBy(tenants.rsa, "RS384", "SHA384withRSA"));
        add("RS512", theirsBy(tenants.rsa, "RS512", "SHA512withRSA"));
        add("PS256", theirsBy(tenants.rsa, "PS256", "SHA256withRSA"));
        add("ES384 on P-256", theirsBy(tenants.ec, "ES384", "SHA384withECDSAinP1363Format"));
        add("ES256K", theirsBy(tenants.ec, "ES256K", tenants.ec.signature()));
        add("RS256 said to be RS1", theirsBy(tenants.rsa, "RS1", "SHA1withRSA"));
        add("RS256 signed with SHA-1", theirsBy(tenants.rsa, "RS256", "SHA1withRSA"));
        add("ES256 signed with SHA-512", theirsBy(tenants.ec, "ES256", "SHA512withECDSAinP1363Format"));
    }

    /** What an issuer publishes is no secret, and one kind of key is not valid as another. */
    private void keyConfusion() {
        for (IssuerKey key : List.of(tenants.rsa, tenants.ec, tenants.ed)) {
            PublicKey half = key.pair().getPublic();
            String pem = "-----BEGIN PUBLIC KEY-----\n"
                    + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(half.getEncoded())
                    + "\n-----END PUBLIC KEY-----\n";
            hs256WithPublicKey(key, "PEM", utf8(pem));
            hs256WithPublicKey(key, "DER", half.getEncoded());
            hs256WithPublicKey(key, "JWK", utf8(key.jwk().toString()));
            ofAnotherKey(
                    key.algorithm() + " with the id of a secret key",
                    token(header(key.algorithm(), tenants.key.id()), theirs(), key.signer()));
            add(
                    key.algorithm() + " with the id of a secret key, for it",
                    token(header(key.algorithm(), tenants.key.id()), mine(), key.signer()));
            add(
                    key.algorithm() + " with the id of another kind of key",
                    token(
                            header(key.algorithm(), key.equals(tenants.ec) ? tenants.ed.id() : tenants.ec.id()),
                            theirs(),
                            key.signer()));
        }
        add(
                "RS256 with the id of another RSA key",
                token(header("RS256", tenants.otherRsa.id()), theirs(), tenants.rsa.signer()));
        add("ES256 said to be by an RSA key", token(header("ES256", tenants.rsa.id()), theirs(), tenants.ec.signer()));
        add("RS256 said to be by an EC key", token(header("RS256", tenants.ec.id()), theirs(), tenants.rsa.signer()));
        add("HS256 with an empty secret", token(good(), mine(), hmac("HmacSHA256", bytes())));
        add(
                "HS256 with an empty secret and the id of an issuer's key",
                token(header("HS256", tenants.rsa.id()), theirs(), hmac("HmacSHA256", bytes())));
        add("HS256 with the key id as secret", token(good(), mine(), hmac("HmacSHA256", utf8(tenants.key.id()))));
        add("HS256 with a secret in other letters", token(good(), mine(), hmac("HmacSHA256", utf8(upper()))));
        add("HS256 by a key of another app", token(good(), mine(), hmac(tenants.foreign)));
    }

    private void hs256WithPublicKey(IssuerKey key, String form, byte[] secret) {
        String name = "HS256 with the " + form + " of the key " + key.id();
        add(name, token(header("HS256", key.id()), theirs(), hmac("HmacSHA256", secret)));
        add(name + " as a secret key's", token(good(), mine(), hmac("HmacSHA256", secret)));
    }

    private void signatures() {
        String hs = token(tenants.key, mine());
        add("HS256 without the last character", hs.substring(0, hs.length() - 1));
        add("HS256 with half the signature", resigned(hs, half -> Arrays.copyOf(half, 16)));
        add("HS256 with a longer signature", resigned(hs, sign -> Arrays.copyOf(sign, 33)));
        add("HS256 with a bit flipped", resigned(hs, HostileTokens::flipped));
        add("HS256 without a signature", resigned(hs, sign -> bytes()));
        add("HS256 with other claims than were signed", swapped(hs, mine().with("sub", "\"bob\"")));
        String es = tenants.ec.token(theirs());
        add("ES256 r=0 s=0", resigned(es, sign -> new byte[64]));
        add("ES256 r=0 s=1", resigned(es, sign -> pair(BigInteger.ZERO, BigInteger.ONE)));
        add("ES256 r=1 s=0", resigned(es, sign -> pair(BigInteger.ONE, BigInteger.ZERO)));
        add("ES256 r=n", resigned(es, sign -> pair(N, s(sign))));
        add("ES256 s=n", resigned(es, sign -> pair(r(sign), N)));
        add("ES256 r=n s=n", resigned(es, sign -> pair(N, N)));
        add("ES256 s above n", resigned(es, sign -> pair(r(sign), N.add(BigInteger.ONE))));
        add("ES256 with 63 bytes", resigned(es, sign -> Arrays.copyOf(sign, 63)));
        add("ES256 with 65 bytes", resigned(es, sign -> Arrays.copyOf(sign, 65)));
        add("ES256 without a signature", resigned(es, sign -> bytes()));
        add("ES256 with a bit flipped", resigned(es, HostileTokens::flipped));
        add("ES256 in DER", theirsBy(tenants.ec, "ES256", "SHA256withECDSA"));
        add("ES256 by a P-384 key", theirsBy(IssuerKey.p384(tenants.ec.id()), "ES256", "SHA384withECDSAinP1363Format"));
        add("ES256 by an attacker's key", IssuerKey.ec(tenants.ec.id()).token(theirs()));
        String rs = tenants.rsa.token(theirs());
        add("RS256 without a signature", resigned(rs, sign -> bytes()));
        add("RS256 all zeros", resigned(rs, sign -> new byte[256]));
        add("RS256 one", resigned(rs, sign -> IssuerKey.bytes(BigInteger.ONE, 256)));
        add("RS256 with 255 bytes", resigned(rs, sign -> Arrays.copyOf(sign, 255)));
        add("RS256 with 257 bytes", resigned(rs, sign -> Arrays.copyOf(sign, 257)));
        add("RS256 by an attacker's key", IssuerKey.rsa(tenants.rsa.id(), 2048).token(theirs()));
        String ed = tenants.ed.token(theirs());
        add("EdDSA all zeros", resigned(ed, sign -> new byte[64]));
        add("EdDSA without a signature", resigned(ed, sign -> bytes()));
        add("EdDSA with 65 bytes", resigned(ed, sign -> Arrays.copyOf(sign, 65)));
        add("EdDSA by an attacker's key", IssuerKey.ed25519(tenants.ed.id()).token(theirs()));
    }

    private void encodings() {
        String good = token(tenants.key, mine());
        String[] parts = good.split("\\.", -1);
        add("padded signature", good + "=");
        add("padded header", parts[0] + "=." + parts[1] + "." + parts[2]);
        add("unused bits of the signature set", otherLastCharacter(good));
        add("unused bits of the header set", otherUnusedBits());
        add("space before", " " + good);
        add("space behind", good + " ");
        add("line feed behind", good + "\n");
        add("space inside", parts[0] + ". " + parts[1] + "." + parts[2]);
        add("the other base64 alphabet", otherAlphabet());
        add("two parts", parts[0] + "." + parts[1]);
        add("two parts and a dot", parts[0] + "." + parts[1] + ".");
        add("four parts", good + "." + parts[2]);
        add("dot behind", good + ".");
        add("dot before", "." + good);
        add("five parts", good + ".AAAA.AAAA");
        add("JWE", base64(utf8("{\"alg\":\"dir\",\"enc\":\"A128GCM\",\"kid\":\"sk_id_one\"}")) + "..AAAA.AAAA.AAAA");
        add("one part", parts[0]);
        add("nothing", "");
        add("dots only", "..");
        add("not ASCII", good.replace('.', '\uFF0E'));
        add("JSON serialization", "{\"payload\":\"" + parts[1] + "\"}");
    }

    private void keyIds() {
        headed("no kid", good().without("kid"));
        headed("kid a number", good().with("kid", 1));
        headed("kid an array", good().with("kid", "[\"sk_id_one\"]"));
        headed("kid an object", good().with("kid", "{}"));
        headed("kid null", good().with("kid", "null"));
        headed("kid empty", good().with("kid", "\"\""));
        for (String odd : List.of(
                "../../../../dev/null",
                "sk_id_one' OR '1'='1",
                "sk_id_one\\u0000",
                "\\u0000",
                "sk_id_one ",
                "SK_ID_ONE",
                "__proto__",
                "pk_live_one",
                "one",
                "*",
                "k".repeat(257),
                "k".repeat(10_000))) {
            String name = odd.substring(0, Math.min(odd.length(), 25));
            headed("kid " + name + " of " + odd.length(), good().with("kid", quote(odd)));
            ofAnotherKey(
                    "kid " + name + " of " + odd.length() + " of the issuer",
                    token(header("RS256", odd), theirs(), tenants.rsa.signer()));
        }
    }

    private void headers() {
        IssuerKey attackers = IssuerKey.rsa(tenants.rsa.id(), 2048);
        JsonText header = header("RS256", tenants.rsa.id());
        for (String field : List.of("jku", "x5u")) {
            String url = quote(tenants.broken.url().toString());
            add(field + " of an attacker", token(header.with(field, url), theirs(), attackers.signer()));
        }
        add("jwk of an attacker", token(header.with("jwk", attackers.jwk().toString()), theirs(), attackers.signer()));
        add(
                "jwk of an attacker without kid",
                token(header.without("kid").with("jwk", attackers.jwk().toString()), theirs(), attackers.signer()));
        String encoded =
                Base64.getEncoder().encodeToString(attackers.pair().getPublic().getEncoded());
        add("x5c of an attacker", token(header.with("x5c", "[\"" + encoded + "\"]"), theirs(), attackers.signer()));
        JsonText oct = JsonText.empty().with("kty", "\"oct\"").with("k", quote(base64(utf8("x"))));
        add("jwk with a secret", token(good().with("jwk", oct.toString()), mine(), hmac("HmacSHA256", utf8("x"))));
        headed("crit exp", good().with("crit", "[\"exp\"]"));
        headed("crit empty", good().with("crit", "[]"));
        headed("crit of an unknown extension", good().with("crit", "[\"x\"]").with("x", 1));
        headed("b64 false", good().with("b64", "false").with("crit", "[\"b64\"]"));
        headed("b64 true", good().with("b64", "true"));
        for (String type : List.of("JWE", "JOSE", "secevent+jwt", "dpop+jwt", "logout+jwt", "JWT ", "")) {
            headed("typ " + type, good().with("typ", quote(type)));
        }
        headed("typ a number", good().with("typ", 1));
        headed("typ null", good().with("typ", "null"));
        rawHeader("alg twice", good().and("\"alg\":\"HS256\""));
        rawHeader(
                "alg none, then HS256", "{\"alg\":\"none\"," + good().toString().substring(1));
        rawHeader("kid twice", good().and("\"kid\":\"sk_id_one\""));
        rawHeader("kid twice, once escaped", good().and("\"\\u006bid\":\"sk_id_two\""));
        rawHeader("header an array", "[" + good() + "]");
        rawHeader("header a string", "\"HS256\"");
        rawHeader("header null", "null");
        rawHeader("header with something behind", good() + "{}");
        rawHeader("header not closed", good().toString().replace("}", ""));
        rawHeader("header with a mark before", "\uFEFF" + good());
        rawHeader("header nested deeply", good().and("\"x\":" + "[".repeat(10_000) + "]".repeat(10_000)));
        add(
                "header of invalid UTF-8",
                token(
                        good().with("x", "\"\u00FF\"").toString().getBytes(StandardCharsets.ISO_8859_1),
                        utf8(mine().toString()),
                        hmac(tenants.key)));
    }

    private void rawHeader(String name, String header) {
        add(name, token(header, mine().toString(), hmac(tenants.key)));
    }

    private void times() {
        claiming("no exp", mine().without("exp"));
        for (String time : List.of(
                "\"" + (now() + 3600) + "\"",
                now() + 3600 + ".5",
                now() + 3600 + ".0",
                "1e18",
                "1000000000000000000",
                "9".repeat(400),
                "253402300800",
                "-1",
                "null",
                "true",
                "[" + (now() + 3600) + "]",
                "{}")) {
            claiming("exp " + time, mine().with("exp", time));
        }
        for (String claim : List.of("nbf", "iat")) {
            claiming(claim + " in 70 s", mine().with(claim, now() + 70));
            claiming(claim + " in a year", mine().with(claim, now() + 31_536_000));
            for (String time : List.of("\"1\"", "1.5", "null", "-1", "[]", "1e3", "1000000000000000000")) {
                claiming(claim + " " + time, mine().with(claim, time));
            }
        }
        add("exp now", token(tenants.key, mine().with("exp", now())), EXPIRED);
        add("exp an hour ago", token(tenants.key, mine().with("exp", now() - 3600)), EXPIRED);
        add("exp 0", token(tenants.key, mine().with("exp", 0)), EXPIRED);
        add("exp an hour ago, by the issuer", tenants.rsa.token(theirs().with("exp", now() - 3600)), EXPIRED);
        add("expired and not genuine", resigned(token(tenants.key, mine().with("exp", 1)), HostileTokens::flipped));
        add(
                "expired, of the issuer, and not genuine",
                resigned(tenants.rsa.token(theirs().with("exp", 1)), HostileTokens::flipped));
    }

    private void claims() {
        claiming("no sub", mine().without("sub"));
        for (String sub : List.of(
                "\"\"",
                "1",
                "null",
                "[\"alice\"]",
                "{}",
                "true",
                quote("a".repeat(129)),
                quote("\u00FC"),
                quote("a\\u00e9"),
                quote("a\\u0007"),
                quote("a\\n"),
                quote("a\\u007f"),
                quote("\\ud800"))) {
            claiming("sub " + sub, mine().with("sub", sub));
        }
        for (String channels : List.of(
                "\"**\"",
                "null",
                "{}",
                "1",
                "[1]",
                "[null]",
                "[[\"a\"]]",
                "[\"\"]",
                "[\"a\\u0007\"]",
                "[\"a\\u0085\"]",
                "[\"a\",\"" + "b".repeat(257) + "\"]",
                strings(101))) {
            claiming("channels " + channels, mine().with("channels", channels));
        }
        for (String permissions : List.of(
                "\"send\"",
                "null",
                "[\"admin\"]",
                "[\"Send\"]",
                "[\"send\",\"*\"]",
                "[1]",
                "{}",
                Collections.nCopies(17, "\"send\"").toString())) {
            claiming("permissions " + permissions, mine().with("permissions", permissions));
        }
        for (String metadata : List.of("metadata", "peerMetadata")) {
            claiming(metadata + " an array", mine().with(metadata, "[]"));
            claiming(metadata + " a string", mine().with(metadata, "\"{}\""));
            claiming(metadata + " null", mine().with(metadata, "null"));
        }
        claiming("metadata of 8193 bytes", mine().with("metadata", object(8193)));
        claiming("peerMetadata of 4097 bytes", mine().with("peerMetadata", object(4097)));
        claiming(
                "peerMetadata of 4097 bytes, 2 each",
                mine().with("peerMetadata", "{\"abc\":\"" + "\u00FC".repeat(2044) + "\"}"));
        claiming("metadata nested deeply", mine().with("metadata", "{\"a\":" + "[".repeat(64) + "]".repeat(64) + "}"));
        rawClaims("sub twice", utf8(mine().and("\"sub\":\"bob\"")));
        rawClaims("sub twice, once escaped", utf8(mine().and("\"s\\u0075b\":\"bob\"")));
        rawClaims("exp twice", utf8(mine().and("\"exp\":" + (now() + 60))));
        rawClaims("channels twice", utf8(mine().with("channels", "[]").and("\"channels\":[\"**\"]")));
        rawClaims("claims an array", utf8("[" + mine() + "]"));
        rawClaims("claims a string", utf8("\"alice\""));
        rawClaims("claims null", utf8("null"));
        rawClaims("claims empty", bytes());
        rawClaims("claims with something behind", utf8(mine() + "x"));
        rawClaims("claims twice", utf8(mine() + "" + mine()));
        rawClaims("claims with a NUL behind", utf8(mine() + "\0"));
        rawClaims("claims with a mark before", utf8("\uFEFF" + mine()));
        rawClaims("claims of invalid UTF-8", mine().and("\"x\":\"\u00FF\"").getBytes(StandardCharsets.ISO_8859_1));
        rawClaims("claims in UTF-16", mine().toString().getBytes(StandardCharsets.UTF_16));
        rawClaims("claims nested deeply", utf8(mine().and("\"x\":" + "[".repeat(10_000) + "]".repeat(10_000))));
        rawClaims("claims with a comment", utf8(mine().toString().replace("{", "{/**/")));
        rawClaims("claims with a comma too many", utf8(mine().toString().replace("}", ",}")));
    }

    private void issuers() {
        IssuerKey rsa = tenants.rsa;
        add("no iss", rsa.token(theirs().without("iss")));
        for (String iss : List.of(
                "1",
                "null",
                "[\"" + Tenants.ISSUER + "\"]",
                "\"\"",
                "\"https://id.example.com/\"",
                "\"https://ID.example.com\"",
                "\"http://id.example.com\"",
                "\"parley\"",
                quote(Tenants.SAME_IDS))) {
            add("iss " + iss, rsa.token(theirs().with("iss", iss)));
        }
        add("no aud", rsa.token(theirs().without("aud")));
        for (String aud : List.of(
                "1",
                "null",
                "{}",
                "\"\"",
                "\"other\"",
                "\"Parley\"",
                "\"parley \"",
                "[]",
                "[1]",
                "[\"other\"]",
                "[[\"parley\"]]",
                "[\"parley\",1]",
                "[\"parley\",\"two\"]")) {
            add("aud " + aud, rsa.token(theirs().with("aud", aud)));
        }
        JsonText elsewhere = theirs().with("iss", quote(Tenants.SAME_IDS)).with("aud", "\"two\"");
        add("by a key of the same id of another issuer", rsa.token(elsewhere));
        add("of the first issuer by a key of the same id", tenants.sameId.token(theirs()));
        add(
                "by the right key, but for an issuer of the other app",
                tenants.sameId.token(elsewhere.with("aud", "\"parley\"")));
    }

    private void otherCredentials() {
        String secret = tenants.key.secret().value();
        add("the pair of REST", tenants.key.id() + ":" + secret);
        add("the secret", secret);
        add("the id of the secret key", tenants.key.id());
        add("a publishable key", "pk_live_one");
        add("a TURN user name", now() + 3600 + ":alice");
        add("null", "null");
        add("a random one", "u7Zy1Rj0pQ");
        add("zeros", "\0\0\0");
        add("much", "A".repeat(60_000));
        add("many dots", ".".repeat(60_000));
    }

    private void verdictsOfTheirOwn() {
        JsonText misfit = mine().with("channels", "[\"x\"]");
        add("no channel its key may give", token(tenants.narrow, misfit), USELESS);
        add(
                "no channel its key may give, escaped",
                token(tenants.narrow, mine().with("channels", "[\"\\\\*\"]")),
                USELESS);
        add("no channel its key may give, and expired", token(tenants.narrow, misfit.with("exp", 1)), EXPIRED);
        add("app disabled", token(tenants.suspended, mine()), SUSPENDED);
        add("app disabled, not genuine", resigned(token(tenants.suspended, mine()), HostileTokens::flipped));
        add("keys that cannot be fetched", tenants.rsa.token(theirs().with("iss", quote(Tenants.BROKEN))), LATER);
    }

    private String theirsBy(IssuerKey key, String algorithm, String signature) {
        return token(header(algorithm, key.id()), theirs(), key.signer(signature));
    }

    /** The token with its signature changed. */
    private static String resigned(String token, Forge.Signer change) {
        int dot = token.lastIndexOf('.');
        byte[] signature = Base64.getUrlDecoder().decode(token.substring(dot + 1));
        return token.substring(0, dot + 1) + base64(change.sign(signature));
    }

    private static String swapped(String token, JsonText claims) {
        String[] parts = token.split("\\.", -1);
        return parts[0] + "." + base64(utf8(claims.toString())) + "." + parts[2];
    }

    private static byte[] flipped(byte[] signature) {
        byte[] flipped = signature.clone();
        flipped[flipped.length - 1] ^= 1;
        return flipped;
    }

    /** 32 bytes take 43 characters, of which the last has two bits to spare. */
    private static String otherLastCharacter(String token) {
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        int last = alphabet.indexOf(token.charAt(token.length() - 1));
        return token.substring(0, token.length() - 1) + alphabet.charAt(last + 1);
    }

    /** Signed as it is, so that nothing else is wrong with it. */
    private String otherUnusedBits() {
        String header = good().toString();
        while (header.length() % 3 == 0) {
            header = header + " ";
        }
        String signed = otherLastCharacter(base64(utf8(header))) + "." + base64(utf8(mine().toString()));
        return signed + "." + base64(hmac(tenants.key).sign(utf8(signed)));
    }

    /** Signed as it is, with a claim that makes the alphabets differ. */
    private String otherAlphabet() {
        byte[] claims = utf8(mine().with("x", quote("\uFFFF\uFFFE\uFFFB???>>>")).toString());
        String signed = base64(utf8(good().toString())) + "."
                + base64(claims).replace('-', '+').replace('_', '/');
        return signed + "." + base64(hmac(tenants.key).sign(utf8(signed)));
    }

    private static byte[] pair(BigInteger r, BigInteger s) {
        byte[] pair = Arrays.copyOf(IssuerKey.bytes(r, 32), 64);
        System.arraycopy(IssuerKey.bytes(s, 32), 0, pair, 32, 32);
        return pair;
    }

    static BigInteger r(byte[] signature) {
        return new BigInteger(1, Arrays.copyOf(signature, 32));
    }

    static BigInteger s(byte[] signature) {
        return new BigInteger(1, Arrays.copyOfRange(signature, 32, 64));
    }

    /** The other signature of the same key and bytes: it is as good. */
    static String mirrored(String token) {
        return resigned(token, sign -> pair(r(sign), N.subtract(s(sign))));
    }

    /** A JSON object of so many bytes. */
    static String object(int bytes) {
        return "{\"a\":\"" + "x".repeat(bytes - 8) + "\"}";
    }

    /** An array of so many patterns. */
    static String strings(int count) {
        return IntStream.range(0, count).mapToObj(i -> quote("c" + i)).toList().toString();
    }

    private String upper() {
        return tenants.key.secret().value().replace("sk_secret", "SK_SECRET");
    }

    private byte[] secret() {
        return tenants.key.secret().bytes();
    }

    private static byte[] bytes() {
        return new byte[0];
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
