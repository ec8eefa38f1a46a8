using System.Diagnostics;
using System.Globalization;
using OrleansCache.LocalClusters;
using OrleansCache.TestSupport;

namespace OrleansCache.Tests.LocalClusters;

public sealed class GuardedProcessTests
{
    [Fact]
    public async Task Its_exit_code_and_lines_are_known_when_it_has_ended()
    {
        await using var process = await StartAsync("echo out; echo error >&2; exit 7");

        Assert.Equal(7, await process.Ended.WaitAsync(Eventually.Bound));
        Assert.Equal(["out", "error"], process.Lines);
    }

    [Fact]
    public async Task A_signal_that_ends_it_is_in_the_exit_code()
    {
        await using var process = await StartAsync("exec sleep 600");

        await process.SignalAsync("TERM");

        Assert.Equal(128 + 15, await process.Ended.WaitAsync(Eventually.Bound));
    }

    [Fact]
    public async Task A_line_can_be_awaited_before_and_after_it_is_written()
    {
        await using var process = await StartAsync("echo first; read line; echo second; exec sleep 600");

        Assert.Equal("second", await process.WaitForLineAsync("sec").WaitAsync(Eventually.Bound));
        Assert.Equal("first", await process.WaitForLineAsync("first").WaitAsync(Eventually.Bound));
    }

    [Fact]
    public async Task Waiting_for_a_line_ends_with_the_process()
    {
        await using var process = await StartAsync("read line");

        await Assert.ThrowsAsync<InvalidOperationException>(() => process.WaitForLineAsync("never").WaitAsync(Eventually.Bound));
        await Assert.ThrowsAsync<InvalidOperationException>(() => process.WaitForLineAsync("never").WaitAsync(Eventually.Bound));
    }

    [Fact]
    public async Task A_paused_process_stops_until_it_is_resumed_and_can_be_killed_meanwhile()
    {
        await using var process = await StartAsync("while :; do echo x; sleep 0.01; done");
        await process.WaitForLineAsync("x").WaitAsync(Eventually.Bound);

        await process.PauseAsync();
        Assert.Equal('T', StateOf(process.ProcessId));
        await process.ResumeAsync();
        await Eventually.IsTrueAsync(() => StateOf(process.ProcessId) != 'T', "the process is resumed");
        await process.PauseAsync();
        await process.KillAsync();

        Assert.Equal(128 + 9, await process.Ended);
    }

    [Fact]
    public async Task It_dies_with_its_guard()
    {
        await using var process = await StartAsync("exec sleep 600");

        using (var guard = Process.GetProcessById(ParentOf(process.ProcessId)))
            guard.Kill();

        await process.Ended.WaitAsync(Eventually.Bound);
        await Eventually.IsTrueAsync(() => StateOf(process.ProcessId) is null or 'Z', "the program is gone");
    }

    [Fact]
    public async Task Its_folder_is_removed_with_it()
    {
        var folder = Directory.CreateTempSubdirectory("orleanscache-tests-").FullName;
        await using (await GuardedProcess.StartAsync(new() { Command = ["/bin/sh", "-c", "exec sleep 600"], Folder = folder }))
            Assert.True(Directory.Exists(folder));

        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public async Task A_program_that_does_not_exist_ends_with_an_error_message()
    {
        await using var process = await GuardedProcess.StartAsync(new() { Command = ["orleanscache-no-such-program"] });

        Assert.Equal(127, await process.Ended.WaitAsync(Eventually.Bound));
        Assert.Contains(process.Lines, line => line.Contains("orleanscache-no-such-program", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Signals_to_a_process_that_has_ended_do_nothing()
    {
        await using var process = await StartAsync("exit 0");
        await process.Ended.WaitAsync(Eventually.Bound);

        await process.PauseAsync();
        await process.ResumeAsync();
        await process.KillAsync();

        Assert.Equal(0, await process.Ended);
    }

    private static Task<GuardedProcess> StartAsync(string script) =>
        GuardedProcess.StartAsync(new() { Command = ["/bin/sh", "-c", script] });

    private static char? StateOf(int id) => StatOf(id) is [var state, ..] ? state[0] : null;

    private static int ParentOf(int id) => int.Parse(StatOf(id)[1], CultureInfo.InvariantCulture);

    /// <summary>The fields of /proc/PID/stat after the process's name, which may contain spaces; empty when there is no process.</summary>
    private static string[] StatOf(int id)
    {
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return [];
        }
    }
}
