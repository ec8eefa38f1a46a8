using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace OrleansCache.LocalClusters;

/// <summary>The log of a development cluster and of the console.</summary>
internal static class StandardErrorLog
{
    /// <summary>Writes the log to standard error, without colours: those are escape sequences, which a plain writer replaces.</summary>
    public static void AddStandardError(this ILoggingBuilder logging)
    {
        logging.AddSimpleConsole(console => console.ColorBehavior = LoggerColorBehavior.Disabled);
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}
