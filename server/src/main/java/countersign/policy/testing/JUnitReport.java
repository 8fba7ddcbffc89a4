package countersign.policy.testing;

import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * A report as the XML that build servers read from JUnit: {@code testsuites}, a {@code testsuite} for each policy, a
 * {@code testcase} for each result, with a {@code failure} in those that failed.
 */
public final class JUnitReport {
    private JUnitReport() {}

    /** The XML, with its declaration; the same report gives the same text. */
    public static String of(PolicyTestReport report) {
        Map<String, List<PolicyTestResult>> suites = report.results().stream()
                .collect(Collectors.groupingBy(PolicyTestResult::policy, LinkedHashMap::new, Collectors.toList()));
        StringWriter out = new StringWriter();
        try {
            XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(out);
            xml.writeStartDocument("UTF-8", "1.0");
            start(xml, "testsuites", "policies", report.results());
            for (Map.Entry<String, List<PolicyTestResult>> suite : suites.entrySet()) {
                start(xml, "testsuite", suite.getKey(), suite.getValue());
                for (PolicyTestResult result : suite.getValue()) {
                    write(xml, result);
                }
                xml.writeEndElement();
            }
            xml.writeEndElement();
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException impossible) {
            throw new IllegalStateException(impossible);
        }
        return out + "\n";
    }

    private static void start(XMLStreamWriter xml, String element, String name, List<PolicyTestResult> results)
            throws XMLStreamException {
        long failed = results.stream().filter(result -> !result.passed()).count();
        xml.writeStartElement(element);
        xml.writeAttribute("name", name);
        xml.writeAttribute("tests", Integer.toString(results.size()));
        xml.writeAttribute("failures", Long.toString(failed));
        xml.writeAttribute("errors", "0");
    }

    private static void write(XMLStreamWriter xml, PolicyTestResult result) throws XMLStreamException {
        xml.writeStartElement("testcase");
        xml.writeAttribute("classname", "policy." + result.policy());
        xml.writeAttribute("name", clean(result.name()));
        xml.writeAttribute("file", clean(result.place().path()));
        xml.writeAttribute("line", Integer.toString(result.place().line()));
        if (!result.passed()) {
            xml.writeStartElement("failure");
            xml.writeAttribute("message", clean(result.complaints().get(0)));
            xml.writeAttribute("type", "PolicyTest");
            xml.writeCharacters(clean(String.join("\n", result.lines())));
            xml.writeEndElement();
        }
        xml.writeEndElement();
    }

    /** XML 1.0 cannot say control characters, in any way. */
    private static String clean(String text) {
        return text.codePoints()
                .map(point -> (point < 0x20 && point != '\n' && point != '\t')
                                || (point >= 0xD800 && point <= 0xDFFF)
                                || point == 0xFFFE
                                || point == 0xFFFF
                        ? '\uFFFD'
                        : point)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
