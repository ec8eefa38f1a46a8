using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace OrleansCache.Silo.Logging;

/// <summary>Writes each event as one line; of an exception its kind and message, and where it was thrown only while debugging.</summary>
internal sealed class LineFormatter() : ConsoleFormatter(FormatName)
{
    public const string FormatName = "line";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var text = logEntry.Formatter(logEntry.State, logEntry.Exception);
        if (logEntry.Exception is { } error)
            text = logEntry.LogLevel <= LogLevel.Debug ? $"{text} ({error})" : $"{text} ({error.GetType().Name}: {error.Message})";
        textWriter.WriteLine(LogLine.Format(DateTimeOffset.Now, Word(logEntry.LogLevel), text));
    }

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Trace => "TRACE",
        LogLevel.Debug => "DEBUG",
        LogLevel.Information => "INFO",
        LogLevel.Warning => "WARN",
        LogLevel.Error => "ERROR",
        _ => "CRIT",
    };
}
