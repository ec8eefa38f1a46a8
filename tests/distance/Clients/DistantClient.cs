using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using OrleansCache.LocalClusters;

namespace OrleansCache.Distance.Clients;

/// <summary>A client process on a host, seen from the process that started it; <see cref="ClientProgram"/> is what it runs.</summary>
internal sealed class DistantClient : IAsyncDisposable
{
    /// <summary>The first argument of such a process.</summary>
    public const string Word = "client";

    private const int LinesKept = 200;

    private readonly Process _process;
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonElement>> _awaited = new();
    private readonly ConcurrentQueue<string> _log = new();
    private readonly SemaphoreSlim _sending = new(1);
    private readonly Task _reading;
    private int _sent;

    private DistantClient(Process process, string region)
    {
        (_process, Region) = (process, region);
        process.ErrorDataReceived += (_, line) => Note(line.Data);
        process.BeginErrorReadLine();
        // Reading from a pipe blocks its thread.
        _reading = Task.Factory.StartNew(Read, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public string Region { get; }

    /// <summary>What it logged last: warnings and errors.</summary>
    public IReadOnlyCollection<string> Log => _log;

    /// <summary>Starts a client without waiting for it; its first commands may be sent at once.</summary>
    /// <param name="host">Where it runs.</param>
    /// <param name="region">The region for which it looks up.</param>
    /// <param name="settings">The JSON file with a client's settings.</param>
    /// <param name="arguments">Further settings: <c>--OrleansCache:NearCacheBytes=0</c>.</param>
    public static DistantClient Start(NetworkHost host, string region, string settings, params IEnumerable<string> arguments)
    {
        string[] command =
            [.. host.Launcher, Programs.DotNet, typeof(DistantClient).Assembly.Location, Word, "--settings", settings, .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new(Process.Start(start) ?? throw new InvalidOperationException($"{command[0]} could not be started."), region);
    }

    /// <summary>Waits until the client is connected to all regions.</summary>
    public Task ConnectAsync() => AskAsync<JsonElement>($"connected");

    /// <summary>A lookup for its region.</summary>
    public Task<LookupLine> GetAsync(string key) => AskAsync<LookupLine>($"get {Region} {key}");

    /// <summary>Lookups for its region, one after the other, of the prefix with a number from 0.</summary>
    public Task<LookupLine[]> SeriesAsync(string prefix, int count) => AskAsync<LookupLine[]>($"series {Region} {prefix} {count}");

    /// <summary>An edit.</summary>
    public Task<EditLine> PutAsync(string key, string title) => AskAsync<EditLine>($"put {key} {title}");

    /// <summary>Lookups for its region at a steady rate.</summary>
    public Task<LoadLine> LoadAsync(int rate, int seconds, string prefix, int keys, bool byPopularity = false) =>
        AskAsync<LoadLine>($"load {Region} {rate} {seconds} {prefix} {keys}{(byPopularity ? " zipf" : "")}");

    /// <summary>The counters of all silos.</summary>
    public Task<SiloStatistics[]> StatisticsAsync() => AskAsync<SiloStatistics[]>($"statistics");

    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended.
        }

        // What it still does is of no interest.
        _process.Kill();
        await _process.WaitForExitAsync();
        await _reading;
        _process.Dispose();
    }

    /// <summary>Sends a command.</summary>
    /// <returns>The answer.</returns>
    /// <exception cref="InvalidOperationException">The client ended, or could not do it; the message says why.</exception>
    private async Task<T> AskAsync<T>(FormattableString command)
    {
        var answer = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        var text = command.ToString(CultureInfo.InvariantCulture);
        await _sending.WaitAsync();
        try
        {
            _awaited[++_sent] = answer;
            await _process.StandardInput.WriteLineAsync(text);
            await _process.StandardInput.FlushAsync();
        }
        catch (IOException error)
        {
            answer.TrySetException(Ended(error));
        }
        finally
        {
            _sending.Release();
        }

        if (_reading.IsCompleted)
            answer.TrySetException(Ended());
        var line = await answer.Task;
        return line.TryGetProperty(ClientAnswers.Problem, out var problem)
            ? throw new InvalidOperationException($"The client of {Region} could not do \"{text}\": {problem}")
            : line.GetProperty(ClientAnswers.Answer).Deserialize<T>(ClientAnswers.Json)!;
    }

    private void Read()
    {
        while (_process.StandardOutput.ReadLine() is { } line)
        {
            var answer = JsonElement.Parse(line);
            if (_awaited.TryRemove(answer.GetProperty(ClientAnswers.Command).GetInt32(), out var awaited))
                awaited.SetResult(answer);
        }

        foreach (var awaited in _awaited.Values)
            awaited.TrySetException(Ended());
    }

    private void Note(string? line)
    {
        if (line is null)
            return;
        _log.Enqueue(line);
        while (_log.Count > LinesKept)
            _log.TryDequeue(out _);
    }

    private InvalidOperationException Ended(Exception? cause = null) =>
        new($"The client of {Region} has ended. It logged: {string.Join(Environment.NewLine, _log)}", cause);
}
