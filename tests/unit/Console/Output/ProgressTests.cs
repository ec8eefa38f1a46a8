using OrleansCache.Cli.Output;

namespace OrleansCache.Tests.Console.Output;

/// <summary>The progress of long work.</summary>
public sealed class ProgressTests
{
    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public async Task Only_a_terminal_shows_it(bool isTerminal, bool isShown)
    {
        var (answers, notices) = (new StringWriter(), new StringWriter());
        await WorkAsync(new HumanOutput(answers, isTerminal, notices, isTerminal));

        Assert.Equal(isShown, notices.ToString().Length > 0);
        Assert.Empty(answers.ToString());
    }

    [Fact]
    public async Task A_program_gets_none()
    {
        var (answers, notices) = (new StringWriter(), new StringWriter());
        await WorkAsync(new JsonOutput(answers, notices));

        Assert.Empty(answers.ToString() + notices);
    }

    private static Task<bool> WorkAsync(IOutput output) => output.WithProgressAsync("importing", progress =>
    {
        for (var step = 0; step <= 4; step++)
            progress.Report(new(step / 4.0, $"{step} rows"));
        return Task.FromResult(true);
    });
}
