using OrleansCache.Cli;
using OrleansCache.Cli.Commands;
using OrleansCache.Cli.Output;
using OrleansCache.Cli.Prompt;
using OrleansCache.Cli.Sessions;
using Xunit;

namespace OrleansCache.Tests.Console.Commands;

public sealed class LoopTests
{
    private readonly StringWriter _answers = new();
    private readonly StringWriter _notices = new();
    private readonly CommandTree _tree = new(new LocalStart(), interactive: true);

    [Fact]
    public async Task A_script_goes_on_after_a_failure_and_ends_with_the_first_ones_code()
    {
        var script = "# comment\n\nhelp\nlokup\nhelp ring\nregions\n";
        var exitCode = await RunScriptAsync(script);
        Assert.Equal(ConsoleExitCode.BadUsage, exitCode);
        Assert.Contains("lookup KEY", _answers.ToString());
        Assert.Contains("hash ring", _answers.ToString());
        Assert.Contains("no cluster here", _notices.ToString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_script_tells_the_line_and_the_command_of_each_failure_without_its_words(bool json)
    {
        await RunScriptAsync("help\n\nlokup\nnode add asia x 127.0.0.1:1,password=TOPSECRET\nhelp \"ring\n", json);
        var notices = _notices.ToString();
        Assert.Contains("line 3 ended with exit code 2", notices);
        Assert.Contains("line 4 (node add) ended with exit code 3", notices);
        Assert.Contains("line 5 ended with exit code 2", notices);
        Assert.DoesNotContain("line 1", notices);
        Assert.DoesNotContain("TOPSECRET", notices);
    }

    [Fact]
    public async Task A_quotation_that_does_not_end_is_refused_whole()
    {
        var exitCode = await RunScriptAsync("help lookup \"ring\n");
        Assert.Equal(ConsoleExitCode.BadUsage, exitCode);
        Assert.Empty(_answers.ToString());
        Assert.Contains("quotation mark", _notices.ToString());
    }

    [Fact]
    public async Task A_script_whose_next_line_does_not_come_can_be_ended()
    {
        using var silent = new SilentReader();
        using var ending = new CancellationTokenSource();
        var run = Task.Run(() => new ScriptLoop(_tree, Runner()).RunAsync(silent, json: false, ending.Token));
        await ending.CancelAsync();
        Assert.Equal(ConsoleExitCode.Interrupted, await run.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task A_script_ends_where_it_says_exit()
    {
        var exitCode = await RunScriptAsync("exit\nlokup\n");
        Assert.Equal(ConsoleExitCode.Done, exitCode);
        Assert.Empty(_notices.ToString());
    }

    [Fact]
    public async Task A_script_prints_one_json_document_per_command()
    {
        await RunScriptAsync("help\nlokup\n", json: true);
        var lines = _answers.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.All(lines, line => Assert.StartsWith("{", line));
    }

    [Fact]
    public async Task The_prompt_goes_on_after_a_slip_until_quit()
    {
        var lines = new Queue<string?>(["lokup", "", "help", "quit", "help help"]);
        using var interrupts = new Interrupts();
        var exitCode = await new PromptLoop(_tree, Runner(), _ => Task.FromResult(lines.Dequeue()), interrupts).RunAsync();
        Assert.Equal(ConsoleExitCode.Done, exitCode);
        Assert.Contains("Did you mean lookup?", _notices.ToString());
        Assert.Contains("lookup KEY", _answers.ToString());
        Assert.Single(lines);
    }

    [Fact]
    public async Task Leaving_the_line_leaves_the_prompt()
    {
        using var interrupts = new Interrupts();
        var loop = new PromptLoop(_tree, Runner(), _ => Task.FromResult<string?>(null), interrupts);
        Assert.Equal(ConsoleExitCode.Done, await loop.RunAsync());
    }

    [Fact]
    public void An_interrupt_stops_the_command_first_and_the_program_when_there_is_none()
    {
        using var interrupts = new Interrupts();
        using (var command = interrupts.Listen())
        {
            interrupts.Interrupt();
            Assert.True(command.IsCancellationRequested);
            Assert.False(interrupts.Ending.IsCancellationRequested);
        }

        using (interrupts.Listen())
        {
        }

        interrupts.Interrupt();
        Assert.True(interrupts.Ending.IsCancellationRequested);
    }

    [Fact]
    public void A_second_interrupt_ends_the_program_while_a_command_will_not_stop()
    {
        using var interrupts = new Interrupts();
        using var command = interrupts.Listen();
        interrupts.Interrupt();
        interrupts.Interrupt();
        Assert.True(interrupts.Ending.IsCancellationRequested);
    }

    private Task<int> RunScriptAsync(string script, bool json = false) =>
        new ScriptLoop(_tree, Runner()).RunAsync(new StringReader(script), json, CancellationToken.None);

    private CommandRunner Runner() => new(
        _tree,
        new NoSession(new RegionUnavailableException("no cluster here")),
        json => json ? new JsonOutput(_answers, _notices) : new HumanOutput(_answers, false, _notices, false));

    /// <summary>An input that blocks until it is disposed.</summary>
    private sealed class SilentReader : TextReader
    {
        private readonly ManualResetEventSlim _over = new();

        public override string? ReadLine()
        {
            _over.Wait();
            return null;
        }

        protected override void Dispose(bool disposing)
        {
            _over.Set();
            base.Dispose(disposing);
        }
    }
}
