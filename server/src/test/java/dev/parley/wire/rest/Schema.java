// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire.rest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** JSON Schema as far as openapi.json uses it: a keyword that is not known here is a fault of its own. */
record Schema(JsonNode document, JsonNode schema) {

    private static final Set<String> ANNOTATIONS = Set.of("description", "default");

    /** Where the value breaks the schema, in words; nothing if it does not. */
    List<String> faults(JsonNode value) {
        List<String> faults = new ArrayList<>();
        check("$", schema, value, faults);
        return faults;
    }

    private void check(String at, JsonNode rules, JsonNode value, List<String> faults) {
        for (Map.Entry<String, JsonNode> entry : rules.properties()) {
            JsonNode rule = entry.getValue();
            boolean holds = true;
            switch (entry.getKey()) {
                case "$ref" -> check(at, document.at(rule.asString().substring(1)), value, faults);
                case "allOf" -> rule.forEach(part -> check(at, part, value, faults));
                case "type" -> holds = isOfType(rule, value);
                case "enum" -> holds = contains(rule, value);
                case "const" -> holds = rule.equals(value);
                case "pattern" ->
                    holds = !value.isString()
                            || Pattern.compile(rule.asString())
                                    .matcher(value.asString())
                                    .find();
                case "minLength" ->
                    holds = !value.isString() || value.asString().length() >= rule.asInt();
                case "maxLength" ->
                    holds = !value.isString() || value.asString().length() <= rule.asInt();
                case "minimum" -> holds = !value.isNumber() || value.asLong() >= rule.asLong();
                case "maximum" -> holds = !value.isNumber() || value.asLong() <= rule.asLong();
                case "maxItems" -> holds = !value.isArray() || value.size() <= rule.asInt();
                case "items" -> {
                    for (int i = 0; value.isArray() && i < value.size(); i++) {
                        check(at + "[" + i + "]", rule, value.get(i), faults);
                    }
                }
                case "required" -> {
                    for (JsonNode name : rule) {
                        holds &= value.has(name.asString());
                    }
                }
                case "properties" ->
                    rule.properties().forEach(property -> {
                        if (value.has(property.getKey())) {
                            check(
                                    at + "." + property.getKey(),
                                    property.getValue(),
                                    value.get(property.getKey()),
                                    faults);
                        }
                    });
                case "additionalProperties" ->
                    holds = value.propertyNames().stream()
                            .allMatch(name -> rules.path("properties").has(name));
                default -> holds = ANNOTATIONS.contains(entry.getKey());
            }
            if (!holds) {
                faults.add(at + " breaks " + entry);
            }
        }
    }

    private static boolean isOfType(JsonNode types, JsonNode value) {
        return types.isArray()
                ? types.valueStream().anyMatch(type -> isOfType(type, value))
                : switch (types.asString()) {
                    case "object" -> value.isObject();
                    case "array" -> value.isArray();
                    case "string" -> value.isString();
                    case "integer" -> value.isIntegralNumber();
                    case "boolean" -> value.isBoolean();
                    case "null" -> value.isNull();
                    default -> false;
                };
    }

    private static boolean contains(JsonNode values, JsonNode value) {
        return values.valueStream().anyMatch(value::equals);
    }
}
