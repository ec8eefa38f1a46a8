using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OrleansCache.Engine.Hosting;

/// <summary>Stops the host of a silo that cannot go on.</summary>
internal sealed partial class FatalErrorHandler(IServiceProvider services, ILogger<FatalErrorHandler> logger) : IFatalErrorHandler
{
    public bool IsUnexpected(Exception exception) => true;

    public void OnFatalException(object? sender = null, string? context = null, Exception? exception = null)
    {
        LogFatal(context, exception);

        // A host made by hand may have no lifetime; its silo has ended all the same.
        services.GetService<IHostApplicationLifetime>()?.StopApplication();
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "The silo cannot go on: {Context}")]
    private partial void LogFatal(string? context, Exception? exception);
}
