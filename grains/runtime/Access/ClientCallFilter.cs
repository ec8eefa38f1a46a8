using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Runtime;
using OrleansCache.Configuration;

namespace OrleansCache.Access;

/// <summary>
/// Refuses calls of clients to grains that are between silos, and operators' calls without the token where one is set. It protects from
/// programs that use Orleans' client; who can send what he likes to a gateway can name any sender, so that gateways of a cluster with
/// strangers around it need TLS (SECURITY.md).
/// </summary>
internal sealed partial class ClientCallFilter(IOptions<CacheOptions> options, ILogger<ClientCallFilter> logger) : IIncomingGrainCallFilter
{
    // A silo's own programs, such as background services, have names of this form as clients.
    private static ReadOnlySpan<byte> OfSilo => "hosted-"u8;

    private readonly string _token = options.Value.OperatorToken;

    public Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.SourceId is not { } source || !source.Type.IsClient() || source.Key.AsSpan().StartsWith(OfSilo))
            return context.Invoke();
        return ClientCalls.KindOf(context.Request) switch
        {
            CallKind.Open => context.Invoke(),
            CallKind.Operator when _token.Length == 0 || OperatorToken.IsShown(_token) => context.Invoke(),
            CallKind.Operator => Refuse(
                context,
                source,
                "needs the operator's token; give it with --operator-token-file or in the setting OrleansCache:OperatorToken"),
            _ => Refuse(context, source, "is between silos; no client may make it"),
        };
    }

    private Task Refuse(IIncomingGrainCallContext context, GrainId source, string why)
    {
        var call = $"{context.Request.GetInterfaceName()}.{context.Request.GetMethodName()}";
        LogRefused(source.ToString(), call);
        return Task.FromException(new NotPermittedException($"The call {call} {why}."));
    }

    [LoggerMessage(EventId = 1730, Level = LogLevel.Warning, Message = "The client {Client} was refused the call {Call}")]
    private partial void LogRefused(string client, string call);
}
