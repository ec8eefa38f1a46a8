using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Orleans.Connections.Security;

namespace OrleansCache.Tls;

/// <summary>
/// Mutual TLS between the processes of a cluster: each presents a certificate of the same authority and accepts no other.
/// </summary>
internal static class TlsCertificates
{
    /// <summary>The reasons why the settings cannot be used.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="section">Their configuration section, for the message.</param>
    public static IEnumerable<string> Problems(TlsCertificateOptions settings, string section)
    {
        if (!settings.IsOn)
            return [];
        try
        {
            using var certificate = Load(settings);
            return certificate.HasPrivateKey
                ? []
                :
                [
                    $"{section}:Certificate {settings.Certificate} has no private key; give a PKCS#12 file, or name the key's file "
                    + $"in {section}:Key.",
                ];
        }
        catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return [$"{section}:Certificate {settings.Certificate} cannot be read: {error.Message}"];
        }
    }

    /// <summary>Has connections present this process's certificate and accept only those of the authority.</summary>
    public static void Configure(TlsOptions tls, TlsCertificateOptions settings)
    {
        var name = settings.Name.Length > 0 ? settings.Name : tls.LocalCertificate!.GetNameInfo(X509NameType.DnsName, forIssuer: false);
        var authorities = settings.Authority.Length > 0 ? Authorities(settings.Authority) : null;
        tls.RemoteCertificateMode = RemoteCertificateMode.RequireCertificate;
        tls.ClientCertificateMode = RemoteCertificateMode.RequireCertificate;
        tls.OnAuthenticateAsClient = (_, options) => options.TargetHost = name;
        if (authorities is not null)
            tls.RemoteCertificateValidation = (certificate, _, errors) => IsOf(authorities, certificate, errors);
    }

    /// <summary>Whether a certificate was issued by the authorities; its name has been checked by the connecting side.</summary>
    private static bool IsOf(X509Certificate2Collection authorities, X509Certificate2 certificate, SslPolicyErrors errors)
    {
        if ((errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None)
            return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }

    /// <summary>Reads the certificate with its key.</summary>
    public static X509Certificate2 Load(TlsCertificateOptions settings)
    {
        var password = settings.Password.Length > 0 ? settings.Password : null;
        if (Path.GetExtension(settings.Certificate).ToLowerInvariant() is ".pfx" or ".p12")
            return X509CertificateLoader.LoadPkcs12FromFile(settings.Certificate, password);
        var key = settings.Key.Length > 0 ? settings.Key : settings.Certificate;
        return password is null
            ? X509Certificate2.CreateFromPemFile(settings.Certificate, key)
            : X509Certificate2.CreateFromEncryptedPemFile(settings.Certificate, password, key);
    }

    private static X509Certificate2Collection Authorities(string file)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(file);
        return authorities;
    }
}
