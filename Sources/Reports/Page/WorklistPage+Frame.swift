internal import DICOMCore
internal import Foundation

// What stands around the studies.

extension WorklistPage {
  /// Everything up to the first study.
  func head(_ disclaimer: String, about report: TriageReport?) -> HTML {
    """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="\(Self.policy)">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="referrer" content="no-referrer">
    <meta name="robots" content="noindex">
    <meta name="color-scheme" content="light dark">
    <title>Worklist of \(counted(worklist.studies.count, "study", "studies"))</title>
    <style>\(trusted: Self.style)</style>
    </head>
    <body>
    <a class="skip" href="#list">Skip to the list</a>
    <header>
    <h1>Worklist</h1>
    <p class="facts">\(facts)</p>
    \(report.map(Self.about))
    <div class="controls" id="controls" role="search" hidden>
    <label>Filter <input type="search" id="text" autocomplete="off" spellcheck="false"></label>
    <label>Status <select id="status"><option value="">all</option></select></label>
    <label>Priority <select id="priority"><option value="">all</option></select></label>
    <label>Flagged <select id="finding"><option value="">any or none</option></select></label>
    <button type="button" id="keys">Keys <kbd>?</kbd></button>
    <span id="shown" role="status"></span>
    </div>
    </header>
    <main>
    <table id="list" role="table" class="columns-\(columnCount)" tabindex="-1">
    <caption class="unseen">Studies in reading order: what moved them up, and since when they wait</caption>
    <colgroup><col class="c-rank"><col class="c-priority"><col class="c-status"><col class="c-findings">\(Self.dateColumns(dates))<col class="c-study"></colgroup>
    <thead role="rowgroup">
    <tr class="printed" role="row"><th role="columnheader" colspan="\(columnCount)">\(disclaimer)</th></tr>
    <tr role="row">\(headings.map { "<th scope=\"col\" role=\"columnheader\" data-sort=\"\($0.sort)\">\($0.title)</th>" })</tr>
    </thead>

    """
  }

  /// Everything after the last study.
  func foot(_ disclaimer: String) -> HTML {
    """
    </table>
    <p id="nothing" hidden>No study fits the filter.</p>
    <section class="reading" id="reading">
    <h2>How to read this page</h2>
    \(Self.explanation(hasReadBy: hasReadBy))
    </section>
    </main>
    <footer><span class="long">\(disclaimer)</span><span class="short">\(Disclaimer.line)</span></footer>
    \(trusted: Self.help)
    <script>\(trusted: Self.script)</script>
    </body>
    </html>

    """
  }

  /// How many cells a row has.
  var columnCount: Int { headings.count }

  private var dates: [String] { variant.isResearch ? [] : ["waiting"] + (hasReadBy ? ["readby"] : []) }

  private var headings: [(sort: String, title: String)] {
    [("number", "Rank"), ("number", "Priority"), ("text", "Status"), ("number", "Findings and why")]
      + dates.map { ("text", $0 == "waiting" ? "Waiting since" : "Read by") }
      + [("text", variant.isResearch ? "Pseudonym" : "Study")]
  }

  private static func dateColumns(_ dates: [String]) -> [HTML] { dates.map { _ in "<col class=\"c-date\">" } }

  private var facts: String {
    let studies = worklist.studies
    let counts = [
      (studies.count { $0.priority != .none }, "moved up"), (studies.count { $0.status == .partial }, "partial"),
      (studies.count { $0.status == .noAssist }, "not assisted"), (studies.count { $0.status == .failed }, "failed"),
    ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    return ([counted(studies.count, "study", "studies")] + counts).joined(separator: " · ")
  }

  private static func about(_ report: TriageReport) -> HTML {
    let version = report.software.map { "\($0.name) \($0.version)" } ?? Product.name
    let precision = report.model.precision.map { ", \($0.rawValue)" } ?? ""
    return """
      <p class="about">Model \(report.model.id)\(precision) · findings \(report.labelSet.id) \(report.labelSet.version) · \
      rule \(report.priority.ruleID) · \(version)</p>
      """
  }

  private func counted(_ count: Int, _ one: String, _ many: String) -> String { "\(count) \(count == 1 ? one : many)" }

  /// The page may use its own style, its own script, pictures in it and beside it, and nothing else.
  private static let policy =
    "default-src 'none'; style-src '\(hash(style))'; script-src '\(hash(script))'; img-src 'self' data:; "
    + "base-uri 'none'; form-action 'none'"

  /// A source expression of CSP Level 3 for an inline element with this content.
  private static func hash(_ content: String) -> String {
    let digits = Array(ContentDigest(ofText: content).description.utf8.dropFirst("sha256:".utf8.count))
    let bytes = stride(from: 0, to: digits.count, by: 2).compactMap {
      UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16)
    }
    return "sha256-" + Data(bytes).base64EncodedString()
  }

  static let style = String(decoding: PackageResources.page_css, as: UTF8.self)
  static let script = String(decoding: PackageResources.page_js, as: UTF8.self)
  static let help = String(decoding: PackageResources.help_html, as: UTF8.self)

  private static func explanation(hasReadBy: Bool) -> HTML {
    let readBy: HTML = """
      <dt>Read by</dt><dd>The end of a study’s waiting limit. What arrives after that time stands behind the study, whatever \
      it is flagged for. “Due” marks studies that owe their place to it. Whether they are read by then is up to the \
      readers.</dd>
      """
    return """
      <dl>
      <dt>Order</dt><dd>Flagged studies come first, by priority, then by how far a score exceeds its threshold. All others \
      keep the order in which they came; a study without a date counts as waiting longest. A flag moves a study up, and \
      nothing moves one down by itself.</dd>
      <dt>Not assisted, failed</dt><dd>Nothing is said about these studies, and they keep their place. They are to be read \
      as if there were no triage.</dd>
      \(hasReadBy ? readBy : nil)
      <dt>Scores</dt><dd>They say how well an image fits the words of a finding, compared with words for its absence \
      (softmax) or by themselves (sigmoid). They are not calibrated, and not how likely a disease is. ▲ marks a score that \
      reaches its threshold.</dd>
      <dt>Pictures</dt><dd>What the encoder was given: windowed, padded and made small. They are not for reading.</dd>
      </dl>
      """
  }
}
