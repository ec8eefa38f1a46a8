using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OrleansCache.Distance.Clients;

/// <summary>
/// An application that uses the client library. It reads commands from its standard input, does them at the same time, and answers each in
/// one line of JSON. The end of the input ends it, so that none is left behind.
/// </summary>
internal static class ClientProgram
{
    public const string Help =
        """
        client --settings FILE [--OrleansCache:NAME=VALUE ...] [--Logging:LogLevel:Default=Information]
          a client of a running cluster, whose settings FILE has; it logs to standard error, and takes commands on standard input:
            get REGION KEY                                            one lookup
            series REGION PREFIX COUNT                                lookups of PREFIX0, PREFIX1 ..., one after the other
            put KEY TITLE                                             an edit
            load REGION RATE SECONDS PREFIX KEYS [zipf]               RATE lookups a second, in turn or by popularity
            connected                                                 waits until every region is connected
            statistics                                                the counters of all silos
        """;

    public static async Task<int> RunAsync(string[] args)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        var file = new ConfigurationBuilder().AddCommandLine(args).Build()["settings"];
        if (file is null)
        {
            await Console.Error.WriteLineAsync(Help);
            return 2;
        }

        builder.Configuration.AddJsonFile(Path.GetFullPath(file)).AddCommandLine(args);
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"))
            .AddSimpleConsole(line => (line.SingleLine, line.TimestampFormat) = (true, "HH:mm:ss.fff "))
            .AddFilter(level => level >= LogLevel.Warning);
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(
            console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.AddBookCache(builder.Configuration.GetSection(CacheClientServiceCollectionExtensions.SectionName));
        using var host = builder.Build();
        await host.StartAsync();
        var commands = new ClientCommands(host.Services);
        using var output = TextWriter.Synchronized(new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true });
        using var ending = new CancellationTokenSource();
        var running = new List<Task>();
        // Reading from a pipe blocks its thread.
        for (var number = 1; await Task.Run(Console.In.ReadLine) is { } line; number++)
        {
            running.RemoveAll(task => task.IsCompleted);
            running.Add(AnswerAsync(commands, line, number, output, ending.Token));
        }

        await ending.CancelAsync();
        await Task.WhenAll(running);
        await host.StopAsync();
        return 0;
    }

    private static async Task AnswerAsync(
        ClientCommands commands, string line, int number, TextWriter output, CancellationToken ending)
    {
        var answer = new Dictionary<string, object> { [ClientAnswers.Command] = number };
        try
        {
            answer[ClientAnswers.Answer] = await commands.RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), ending);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            answer[ClientAnswers.Problem] = $"{error.GetType().Name}: {error.Message}";
        }

        await output.WriteLineAsync(JsonSerializer.Serialize(answer, ClientAnswers.Json));
    }
}
