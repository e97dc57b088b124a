// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import dev.parley.config.SettingException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.StreamEndEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** One YAML document of plain sections, lists and values: no anchors, aliases, tags, directives or key given twice. */
final class YamlFile {

    /** Deeper than any setting. */
    private static final int MAX_DEPTH = 16;

    private final SourceLocation file;
    private final Iterator<Event> events;

    private YamlFile(SourceLocation file, String text) {
        this.file = file;
        this.events =
                new Parse(LoadSettings.builder().build()).parseString(text).iterator();
    }

    /**
     * Reads the text of a file.
     *
     * @param file the location of the first line
     */
    static WrittenValue.Fields read(SourceLocation file, String text) throws SettingException {
        try {
            return new YamlFile(file, text.startsWith("\uFEFF") ? text.substring(1) : text).document();
        } catch (MarkedYamlEngineException e) {
            throw at(file, line(e.getProblemMark())).refused("not YAML: " + problem(e));
        } catch (ReaderException e) {
            long lines = text.substring(0, Math.min(e.getPosition(), text.length()))
                    .chars()
                    .filter(character -> character == '\n')
                    .count();
            throw at(file, (int) lines + 1).refused("not YAML: a character that may not stand in a file of text");
        } catch (YamlEngineException e) {
            throw file.refused("not YAML");
        }
    }

    /** What YAML takes for the name of an alias was mostly meant as a pattern. */
    private static String problem(MarkedYamlEngineException e) {
        return String.valueOf(e.getContext()).contains("alias")
                ? "a text that begins with * needs quotes"
                : e.getProblem();
    }

    private WrittenValue.Fields document() throws SettingException {
        events.next(); // the stream starts
        Event start = events.next();
        if (start instanceof StreamEndEvent) {
            throw file.refused("is empty: a configuration needs at least 'apps'");
        }
        if (start instanceof DocumentStartEvent document
                && (document.getSpecVersion().isPresent() || !document.getTags().isEmpty())) {
            throw at(file, line(start.getStartMark())).refused("YAML directives are not allowed");
        }
        WrittenValue root = node(events.next(), file, 0);
        events.next(); // the document ends
        Event next = events.next();
        if (!(next instanceof StreamEndEvent)) {
            throw at(file, line(next.getStartMark())).refused("a second YAML document: only one is allowed");
        }
        if (root instanceof WrittenValue.Fields fields) {
            return fields;
        }
        throw at(file, root.line()).refused("must be a section of keys, such as 'listen: localhost:8080'");
    }

    private WrittenValue node(Event event, SourceLocation place, int depth) throws SettingException {
        int line = line(event.getStartMark());
        SourceLocation here = at(place, line);
        if (depth > MAX_DEPTH) {
            throw here.refused("sections and lists are nested too deep");
        }
        if (event instanceof AliasEvent
                || (event instanceof NodeEvent node && node.getAnchor().isPresent())) {
            throw here.refused("YAML anchors and aliases are not allowed (quote a text that begins with & or *)");
        }
        if (event instanceof ScalarEvent scalar) {
            refuseTag(scalar.getTag(), here);
            return new WrittenValue.Text(line, scalar.getValue(), scalar.isPlain());
        }
        refuseTag(((CollectionStartEvent) event).getTag(), here);
        return event instanceof MappingStartEvent ? fields(line, here, depth) : items(line, here, depth);
    }

    private WrittenValue.Fields fields(int line, SourceLocation place, int depth) throws SettingException {
        Map<String, WrittenValue.Field> fields = new LinkedHashMap<>();
        for (Event event = events.next(); event.getEventId() != Event.ID.MappingEnd; event = events.next()) {
            if (!(node(event, place, depth + 1) instanceof WrittenValue.Text key)) {
                throw at(place, line(event.getStartMark())).refused("a section or list where a key is expected");
            }
            SourceLocation below = place.below(key.line(), QuotedInput.key(key.text()));
            WrittenValue.Field first = fields.get(key.text());
            if (first != null) {
                throw below.refused("is given twice, first in line " + first.line());
            }
            fields.put(key.text(), new WrittenValue.Field(key.line(), node(events.next(), below, depth + 1)));
        }
        return new WrittenValue.Fields(line, fields);
    }

    private WrittenValue.Items items(int line, SourceLocation place, int depth) throws SettingException {
        List<WrittenValue> items = new ArrayList<>();
        for (Event event = events.next(); event.getEventId() != Event.ID.SequenceEnd; event = events.next()) {
            items.add(node(event, place.item(line, items.size()), depth + 1));
        }
        return new WrittenValue.Items(line, items);
    }

    private static void refuseTag(Optional<String> tag, SourceLocation place) throws SettingException {
        if (tag.isPresent()) {
            throw place.refused("YAML tags are not allowed (quote a text that begins with !)");
        }
    }

    private static SourceLocation at(SourceLocation place, int line) {
        return new SourceLocation(place.folder(), place.file(), line, place.key());
    }

    private static int line(Optional<Mark> mark) {
        return mark.map(Mark::getLine).orElse(0) + 1;
    }
}
