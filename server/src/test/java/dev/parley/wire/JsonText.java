// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** A JSON object put together from values that are JSON already, or are meant not to be. */
public final class JsonText {

    private final Map<String, String> members;

    private JsonText(Map<String, String> members) {
        this.members = members;
    }

    public static JsonText empty() {
        return new JsonText(Map.of());
    }

    /** The same with this member, in place of one of that name. */
    public JsonText with(String name, String json) {
        Map<String, String> more = new LinkedHashMap<>(members);
        more.put(name, json);
        return new JsonText(more);
    }

    public JsonText with(String name, long number) {
        return with(name, Long.toString(number));
    }

    public JsonText without(String name) {
        Map<String, String> fewer = new LinkedHashMap<>(members);
        fewer.remove(name);
        return new JsonText(fewer);
    }

    /** The text, with these members behind the others even if there are such already. */
    public String and(String more) {
        return toString().replaceFirst("}$", "") + "," + more + "}";
    }

    @Override
    public String toString() {
        return members.entrySet().stream()
                .map(member -> "\"" + member.getKey() + "\":" + member.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }
}
