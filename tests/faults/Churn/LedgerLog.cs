using Microsoft.Extensions.Logging;
using OrleansCache.Tests.Faults.Activations;

namespace OrleansCache.Tests.Faults.Churn;

/// <summary>Passes a silo's log of activations to the ledger.</summary>
internal sealed class LedgerLog(Ledger ledger, string silo) : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        ledger.Read(silo, formatter(state, exception));

    public void Dispose()
    {
        // There is nothing to dispose.
    }
}
