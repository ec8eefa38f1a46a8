using System.Diagnostics;

namespace OrleansCache.Bench.Children;

/// <summary>This program once more, as a process that answers each line of its input with one of its output, and ends when its input does.</summary>
internal sealed class OwnChild : IAsyncDisposable
{
    /// <summary>What it says first of all, when it can be asked.</summary>
    public const string Ready = "ready";

    private readonly Process _process;

    private OwnChild(Process process) => _process = process;

    /// <summary>The memory that the process takes, in bytes.</summary>
    public long WorkingSet
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Starts it and waits until it is ready.</summary>
    public static async Task<OwnChild> StartAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(typeof(OwnChild).Assembly.Location);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        var child = new OwnChild(Process.Start(start)!);
        if (await child._process.StandardOutput.ReadLineAsync() == Ready)
            return child;
        await child.DisposeAsync();
        throw new InvalidOperationException("The process did not start; see above.");
    }

    public async Task<string> AskAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        return await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The process has ended; see above.");
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
