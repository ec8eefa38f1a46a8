using StackExchange.Redis.Configuration;

namespace OrleansCache.Redis;

/// <summary>
/// A password by reference. The library asks for it at each handshake, so a new connection has the one that is there then.
/// </summary>
internal sealed class ReferencedPassword(SecretReference secret) : DefaultOptionsProvider
{
    public override string Password => secret.Read();
}
