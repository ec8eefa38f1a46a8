using OrleansCache.Cli.Output;
using OrleansCache.Silo.Startup;
using Spectre.Console;

namespace OrleansCache.Tests.Console;

/// <summary>What a terminal would take for a command reaches none.</summary>
public sealed class PlainOutputTests
{
    private const string Evil = "a\u001b]52;c;aGk=\u0007b\u009b2Jc\u202ed\u2066e\u0000f";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void People_see_a_replacement_for_each(bool onTerminal)
    {
        using var text = new StringWriter();
        var output = new HumanOutput(text, onTerminal, text, onTerminal);

        output.Write(new TextReport(Evil));
        output.Notice(Evil);
        output.Error(new(2, Evil, Evil));

        Assert.DoesNotContain('\u001b', text.ToString().Replace("\u001b[", "", StringComparison.Ordinal));
        Assert.All("\u0007\u009b\u202e\u2066\u0000", command => Assert.DoesNotContain(command, text.ToString()));
        Assert.Contains("a\uFFFD]52;c;aGk=\uFFFDb\uFFFD2Jc\uFFFDd\uFFFDe\uFFFDf", text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Programs_get_the_same_text_escaped()
    {
        using var text = new StringWriter();
        new JsonOutput(text, TextWriter.Null).Error(new(2, Evil));

        Assert.True(PlainText.IsPlain(text.ToString()));
        Assert.Equal(Evil, System.Text.Json.JsonElement.Parse(text.ToString()).GetProperty("error").GetProperty("message").GetString());
    }

    [Fact]
    public void A_silos_log_has_none()
    {
        using var text = new StringWriter();
        using var writer = new PlainWriter(text);

        writer.Write(Evil);
        writer.WriteLine(Evil);
        writer.Write(Evil.ToCharArray());

        Assert.True(PlainText.IsPlain(text.ToString()));
    }

    [Fact]
    public void An_imported_field_loses_control_characters_and_keeps_the_rest() =>
        Assert.Equal("a]52;c;aGk=b2Jc\u202ed\u2066ef", PlainText.WithoutControls(Evil));

    private sealed record TextReport(string Text) : IReport
    {
        public void Render(IAnsiConsole console) => console.Write(new Table().AddColumn(Markup.Escape(Text)).AddRow(new Text(Text)));
    }
}
