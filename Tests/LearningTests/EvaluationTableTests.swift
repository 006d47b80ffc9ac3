import Learning
import Testing

struct EvaluationTableTests {
  @Test("The table has a row per set of cases and a dash where there is no area")
  func markdown() {
    var table = EvaluationTable(findings: ["effusion", "nodule"])
    table.add(
      "plain", scores: [[0.9, 1], [0.1, 2], [0.2, 3]], truth: [[true, true], [false, true], [false, true]])
    table.add(
      "lut", scores: [[0.1, 2], [0.1, 1], [0.3, 0]], truth: [[true, true], [false, true], [false, false]])
    let expected = """
      | variant | n | effusion | nodule | mean |
      | --- | ---: | ---: | ---: | ---: |
      | plain | 3 | 1.000 | - | 1.000 |
      | lut | 3 | 0.250 | 1.000 | 0.625 |

      """
    #expect(table.markdown == expected)
    #expect(table.lowest == 0.25)
  }

  @Test("Cases with too few scores have no area")
  func shortRows() {
    var table = EvaluationTable(findings: ["effusion", "nodule"])
    table.add("short", scores: [[1], [0]], truth: [[true], [false]])
    #expect(table.rows[0].areas[0]?.value == 1)
    #expect(table.rows[0].areas[1] == nil)
  }
}
