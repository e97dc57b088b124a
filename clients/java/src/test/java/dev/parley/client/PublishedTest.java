// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** What is published: the jar and its POM, as the build has made them before the tests. */
class PublishedTest {

    private static final Path TARGET = Path.of("target");
    private static final int JAVA_21 = 65;

    @Test
    void theClassesRunOnJava21() throws IOException {
        try (InputStream in = requireNonNull(ParleyClient.class.getResourceAsStream("ParleyClient.class"))) {
            DataInputStream data = new DataInputStream(in);
            data.skipNBytes(6);
            assertThat(data.readUnsignedShort()).isEqualTo(JAVA_21);
        }
    }

    @Test
    void theJarIsAModuleOfAFixedName() throws IOException {
        List<Path> jars;
        try (Stream<Path> files = Files.list(TARGET)) {
            jars = files.filter(file -> file.getFileName().toString().matches("parley-java-client-[0-9.]+[.]jar"))
                    .toList();
        }
        assertThat(jars).hasSize(1);
        ModuleDescriptor module = ModuleFinder.of(jars.getFirst())
                .find("dev.parley.client")
                .orElseThrow()
                .descriptor();
        assertThat(module.isAutomatic()).isTrue();
        assertThat(module.packages()).containsExactly("dev.parley.client");
    }

    @Test
    void thePomHasNoParentAndAllThatCentralAsksFor() throws Exception {
        Element project = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(TARGET.resolve("published-pom.xml").toFile())
                .getDocumentElement();
        assertThat(children(project))
                .doesNotContain("parent")
                .contains(
                        "groupId",
                        "artifactId",
                        "version",
                        "name",
                        "description",
                        "url",
                        "licenses",
                        "developers",
                        "scm");
        assertThat(children(child(child(project, "licenses"), "license"))).contains("name", "url");
        assertThat(children(child(project, "scm"))).contains("connection", "url");
        String url = child(project, "url").getTextContent();
        assertThat(child(child(project, "scm"), "url").getTextContent()).isEqualTo(url);
        for (Node node = child(project, "dependencies").getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element dependency) {
                assertThat(child(dependency, "version").getTextContent()).matches("[0-9.]+");
                assertThat(child(dependency, "scope").getTextContent()).isEqualTo("compile");
            }
        }
        assertThat(Files.readString(TARGET.resolve("published-pom.xml"))).doesNotContain("${");
    }

    private static List<String> children(Element element) {
        return Stream.iterate(element.getFirstChild(), node -> node != null, Node::getNextSibling)
                .filter(Element.class::isInstance)
                .map(Node::getNodeName)
                .toList();
    }

    private static Element child(Element element, String name) {
        return Stream.iterate(element.getFirstChild(), node -> node != null, Node::getNextSibling)
                .filter(node -> node.getNodeName().equals(name))
                .map(Element.class::cast)
                .findFirst()
                .orElseThrow();
    }
}
