using OrleansCache.Client.Import;

namespace OrleansCache.Tests.Client.Import;

public sealed class ColumnNameTests
{
    [Fact]
    public void The_documentation_lists_every_known_name_with_its_field()
    {
        var rows = File.ReadAllLines(Documentation()).Where(line => line.StartsWith("| `", StringComparison.Ordinal)).ToArray();
        foreach (var (field, names) in ColumnNames.Known)
        {
            var row = Assert.Single(rows, row => row.StartsWith($"| `{field.ToString().ToLowerInvariant()}` |", StringComparison.Ordinal));
            Assert.All(names, name => Assert.Contains($"`{name}`", row, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("Original Publication Year", "original_publication_year")]
    [InlineData(" Year-Of-Publication ", "year_of_publication")]
    [InlineData("ISBN13", "isbn13")]
    [InlineData("___", "")]
    public void Case_blanks_hyphens_and_underscores_do_not_count(string name, string expected) =>
        Assert.Equal(expected, ColumnNames.Plain(name));

    [Fact]
    public void Known_names_are_in_the_form_in_which_they_are_compared() =>
        Assert.All(ColumnNames.Known.Values.SelectMany(names => names), name => Assert.Equal(name, ColumnNames.Plain(name)));

    private static string Documentation()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "OrleansCache.sln")))
            folder = folder.Parent!;
        return Path.Combine(folder.FullName, "docs", "import.md");
    }
}
