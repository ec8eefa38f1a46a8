using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace OrleansCache.Tls;

/// <summary>
/// A process's certificate, and the authority whose certificates it accepts, as their files have them: they are read again once a file has
/// changed, so that certificates are renewed without a restart. A file that cannot be read, because it is just being written, leaves what
/// was read before, and is logged once a minute.
/// </summary>
internal sealed partial class TlsIdentity
{
    // Files are looked at when a connection opens, and not more often than this.
    private static readonly TimeSpan LookPause = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LogPause = TimeSpan.FromMinutes(1);

    private readonly TlsCertificateOptions _settings;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private Files _read;
    private long _looked;
    private long? _logged;

    /// <exception cref="CryptographicException">A file has not what it should have.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public TlsIdentity(TlsCertificateOptions settings, TimeProvider time, ILogger logger)
    {
        (_settings, _time, _logger) = (settings, time, logger);
        _read = Files.Read(settings);
        _looked = time.GetTimestamp();
    }

    /// <summary>The certificate, with its key.</summary>
    public X509Certificate2 Certificate => Current.Certificate;

    /// <summary>The authorities.</summary>
    public X509Certificate2Collection Authorities => Current.Authorities;

    /// <summary>The name that silos have.</summary>
    public string SiloName =>
        _settings.Name.Length > 0 ? _settings.Name : Certificate.GetNameInfo(X509NameType.DnsName, forIssuer: false);

    private Files Current
    {
        get
        {
            lock (_lock)
            {
                if (_time.GetElapsedTime(_looked) < LookPause)
                    return _read;
                _looked = _time.GetTimestamp();
                if (Files.ChangedOf(_settings) == _read.Changed)
                    return _read;
                try
                {
                    _read = Files.Read(_settings);
                }
                catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException)
                {
                    // What was read before is used, and the files are looked at again.
                    if (_logged is not { } last || _time.GetElapsedTime(last) >= LogPause)
                    {
                        _logged = _time.GetTimestamp();
                        LogUnreadable(_settings.Certificate, _settings.Authority, error.Message);
                    }

                    return _read;
                }

                return _read;
            }
        }
    }

    [LoggerMessage(1003, LogLevel.Warning, "The certificate {Certificate}, its key or the authority {Authority} has changed and cannot be "
        + "read; what was read before is used until it can: {Reason} (Once a minute at most.)")]
    private partial void LogUnreadable(string certificate, string authority, string reason);

    private sealed record Files(X509Certificate2 Certificate, X509Certificate2Collection Authorities, DateTime Changed)
    {
        public static Files Read(TlsCertificateOptions settings)
        {
            var changed = ChangedOf(settings);
            return new(Load(settings), Authority(settings.Authority), changed);
        }

        public static DateTime ChangedOf(TlsCertificateOptions settings) =>
            new[] { settings.Certificate, settings.Key, settings.Authority }
                .Where(file => file.Length > 0).Max(File.GetLastWriteTimeUtc);

        private static X509Certificate2 Load(TlsCertificateOptions settings)
        {
            var password = settings.Password.Length > 0 ? settings.Password : null;
            if (Path.GetExtension(settings.Certificate).ToLowerInvariant() is ".pfx" or ".p12")
                return X509CertificateLoader.LoadPkcs12FromFile(settings.Certificate, password);
            var key = settings.Key.Length > 0 ? settings.Key : settings.Certificate;
            return password is null
                ? X509Certificate2.CreateFromPemFile(settings.Certificate, key)
                : X509Certificate2.CreateFromEncryptedPemFile(settings.Certificate, password, key);
        }

        private static X509Certificate2Collection Authority(string file)
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(file);
            return authorities.Count > 0 ? authorities : throw new CryptographicException($"{file} has no certificate in PEM format.");
        }
    }
}
