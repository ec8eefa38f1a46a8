using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace OrleansCache.Silo.Logging;

/// <summary>The silo's log: one line per event on standard error. The section <c>Logging</c> changes what is written.</summary>
internal static class LogLines
{
    public static void Configure(ILoggingBuilder logging, IConfiguration configuration)
    {
        logging.SetMinimumLevel(LogLevel.Warning);
        logging.AddFilter("OrleansCache", LogLevel.Information);
        // The engine finds fault with the garbage collector of a workstation, which keeps a silo small.
        logging.AddFilter("Orleans.Runtime.Silo", LogLevel.Error);
        // It also says at each start that it has not yet looked at itself.
        logging.AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error);
        logging.AddConfiguration(configuration.GetSection("Logging"));
        logging.AddConsole(console =>
        {
            console.FormatterName = LineFormatter.FormatName;
            console.LogToStandardErrorThreshold = LogLevel.Trace;
        });
        logging.AddConsoleFormatter<LineFormatter, ConsoleFormatterOptions>();
    }
}
