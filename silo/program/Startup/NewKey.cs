using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace OrleansCache.Silo.Startup;

/// <summary>Makes a key for callers of the HTTP server.</summary>
internal static class NewKey
{
    private const int RandomBytes = 32;

    /// <summary>Writes a new key, and its hash for the settings. The key is kept nowhere.</summary>
    public static async Task WriteAsync(TextWriter output)
    {
        var key = "oc_" + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
        await output.WriteLineAsync($"key:  {key}   (for the caller; it is shown only now)").ConfigureAwait(false);
        await output.WriteLineAsync($"hash: {hash}   (for OrleansCache:Http:ApiKeys:N:Hash)").ConfigureAwait(false);
    }
}
